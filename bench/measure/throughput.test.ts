// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { aCell, aContainer, aFaultCell } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, reasons, values } from './testing/measured.ts';

const test = suite('throughput');
const name = 'upcall.throughput';

test('it is the ok requests over the time the windows were open', () => {
  const metrics = measured(aFaultCell(), {}, 1);
  assert.equal(values(one(metrics, name, { container: 'bystander', phase: 'steady' })), [1000 / 4]);
  // Requests of the victim fail from 1.0 s to 1.5 s, both included: 126 of 1,000.
  const victim = one(metrics, name, { container: 'victim', phase: 'fault' });
  assert.equal(values(victim), [(1000 - 126) / 4]);
  assert.is(victim.unit, '1/s');
});

test('two containers of a role count as one load over the same time', () => {
  const cell = aCell({ containers: [aContainer('a', { requesters: 2 }), aContainer('b', { requesters: 3 })] });
  const metric = one(measured(cell, {}, 1), name);
  assert.is(metric.dimensions.load, 'closed:5');
  assert.equal(values(metric), [80 / 4]);
});

const window = { ms: 2000, maxRequests: 100, samples: false };

test('what was under way when the window ended was not served in it, in closed loop and in open', () => {
  for (const each of [window, { ...window, rate: 50 }]) {
    const cell = aCell({ windows: [each] });
    assert.equal(values(one(measured(cell, {}, 1), name)), [50]);
    const late = changing('window', () => ({ in_time: 90 }));
    const metric = one(measured(cell, late, 1), name);
    assert.equal(values(metric), [45]);
    assert.is(metric.samples[0]?.uncertainty, undefined);
  }
});

const uncounted = changing('window', () => ({ in_time: undefined }));

test('of a runner that did not count what came in time, samples tell, or in closed loop the requesters by how much it is off', () => {
  const closed = aCell({ windows: [window], containers: [aContainer('a', { requesters: 8 })] });
  const [sample] = one(measured(closed, uncounted, 1), name).samples;
  assert.equal([sample?.value, sample?.uncertainty], [50, 8 / 2]);
  const few = changing('window', () => ({ in_time: undefined, ok: 3 }));
  assert.is(one(measured(closed, few, 1), name).samples[0]?.uncertainty, 3 / 2);

  const open = { ...window, samples: true, rate: 50 };
  const late = changing('window', ({ mono_start }) => ({ in_time: undefined, mono_end: mono_start + 1.9e9 }));
  // 95 were due by then, and none of them takes longer than 20 ms.
  assert.equal(values(one(measured(aCell({ windows: [open] }), late, 1), name)), [50]);
  assert.equal(reasons(one(measured(aCell({ windows: [{ ...open, samples: false }] }), late, 1), name)), [
    'no-samples',
  ]);
});

test('a storm is over when its last round is, so nothing of it is in doubt', () => {
  const cell = aCell({ windows: [window], requests: { kind: 'storm-distinct', hitPercent: 0 } });
  const [sample] = one(measured(cell, uncounted, 1), name).samples;
  assert.equal([sample?.value, sample?.uncertainty], [50, undefined]);
});

test.run();
