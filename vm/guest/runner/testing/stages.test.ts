// SPDX-License-Identifier: MIT
/** How the runner takes an upcall apart, and how it reads what a check says. */
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Parts } from './parts.ts';

const test = suite('stages of an upcall, and words of a check', { timeoutMs: 70_000 });

let parts: Parts;
test.before(() => {
  parts = new Parts();
});
test.after(() => parts?.remove());

/** due, start, entered, told, woke, assumed, answering, over, end; 0: there is no such point. */
const partsOf = (points: readonly number[]) => parts.ask(['stage-parts'], `${points.join(' ')}\n`).trim();

test('a part is named for the point it ends with, and for whether the module was in the way', () => {
  assert.is(
    partsOf([5, 10, 20, 40, 80, 160, 320, 640, 1280]),
    'held=5 enter=10 route=20 wake=40 assume=80 prepare=160 instantiate=320 return=640',
  );
  assert.is(
    partsOf([0, 10, 20, 40, 80, 0, 320, 640, 1280]),
    'enter=10 route=20 wake=40 prepare=240 instantiate=320 return=640',
  );
  assert.is(partsOf([0, 10, 0, 0, 80, 0, 320, 0, 1280]), 'spawn=70 prepare=240 finish=960');
  assert.is(partsOf([0, 10, 0, 0, 0, 0, 0, 0, 1280]), 'finish=1270');
});

test('points out of order are no upcall, and neither is one without a start or an end', () => {
  assert.is(partsOf([0, 10, 9, 40, 80, 0, 320, 640, 1280]), 'out of order');
  assert.is(partsOf([0, 10, 20, 40, 80, 0, 320, 640, 639]), 'out of order');
  assert.is(partsOf([0, 0, 20, 40, 80, 0, 320, 640, 1280]), 'out of order');
  assert.is(partsOf([0, 10, 20, 40, 80, 0, 320, 640, 0]), 'out of order');
});

test('the parts of any request add up to its latency', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 9, maxLength: 9 });
  const missing = fc.subarray([0, 2, 3, 4, 5, 6, 7]);
  fc.assert(
    fc.property(steps, missing, (deltas, without) => {
      let now = 1;
      const points = deltas.map((delta) => {
        now += delta;
        return now;
      });
      for (const i of without) points[i] = 0;
      const sum = partsOf(points)
        .split(' ')
        .reduce((total, part) => total + Number(part.split('=')[1]), 0);
      assert.is(sum, (points[8] ?? 0) - (points[0] || (points[1] ?? 0)));
    }),
    { numRuns: 60 },
  );
});

test('what a check says is a property, an outcome and evidence, or nothing', () => {
  const heard = (line: string) => parts.ask(['check-said'], line).trim();
  assert.is(heard('property host-helper-absent held 3 requests, 0 runs'), 'host-helper-absent held 3 requests, 0 runs');
  assert.is(heard('property a not-applicable it  has two  spaces'), 'a not-applicable it  has two  spaces');
  const long = 'x'.repeat(64);
  assert.is(heard(`property ${long} violated y`), `${long} violated y`);
  for (const bad of [
    'property a maybe x',
    'property A held x',
    `property ${long}x held y`,
    'properties a held x',
    ' property a held x',
    'property held',
    'held',
    'property a',
  ])
    assert.is(heard(bad), 'none', bad);
});

test('what a check says of a fault is how often it took effect and whether it is gone, or nothing', () => {
  const heard = (line: string) => parts.ask(['check-said'], line).trim();
  assert.is(heard('fault full-quota hits 12 gone yes'), 'fault full-quota 12 1');
  assert.is(heard('fault full-quota hits 0 gone no'), 'fault full-quota 0 0');
  for (const bad of [
    'fault full-quota',
    'fault full-quota hits -1 gone yes',
    'fault full-quota hits 1234567890 gone yes',
    'fault full-quota hits 1 gone maybe',
    'fault full-quota hits 1 gone yesterday',
    'fault full-quota hits 1 gone yes or so',
    `fault ${'x'.repeat(65)} hits 1 gone yes`,
  ])
    assert.is(heard(bad), 'none', bad);
});

test.run();
