// SPDX-License-Identifier: MIT
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { shownApart } from './shown.ts';

const test = suite('values that differ, shown');

test('long texts are shown from where they differ on', () => {
  const common = `[${'"the same",'.repeat(20)}`;
  const [one, two] = shownApart(`${common}7]`, `${common}8]`);
  assert.equal([one, two], ['…,"the same",7]', '…,"the same",8]']);
  assert.equal(shownApart('a', `a${'b'.repeat(90)}`), ['a', `a${'b'.repeat(59)}…`]);
});

test('short texts and hashes are shown from their beginning', () => {
  assert.equal(shownApart('kvm', 'none'), ['kvm', 'none']);
  assert.equal(shownApart(undefined, [0, 1]), ['absent', '[0,1]']);
  assert.equal(shownApart('0'.repeat(64), 'f'.repeat(64)), ['0'.repeat(12), 'f'.repeat(12)]);
});

test('what differs in nothing a terminal shows, or in its type, is shown escaped', () => {
  assert.equal(shownApart('a\u202eb', 'ab'), ['"a\\u202eb"', '"ab"']);
  assert.equal(shownApart('1', 1), ['"1"', '1']);
});

test('the two texts differ whenever the values do', () => {
  const same = fc.string({ maxLength: 200 });
  const values = fc.oneof(fc.string({ unit: 'binary', maxLength: 90 }), fc.jsonValue(), fc.constant(undefined));
  const pairs = fc.oneof(
    fc.tuple(values, values),
    fc.tuple(same, fc.string(), fc.string(), same).map(([a, b, c, d]) => [a + b + d, a + c + d] as const),
  );
  fc.assert(
    fc.property(pairs, ([one, two]) => {
      fc.pre(!isDeepStrictEqual(JSON.parse(JSON.stringify([one])), JSON.parse(JSON.stringify([two]))));
      const [shown, other] = shownApart(one, two);
      assert.is.not(shown, other);
      assert.ok(shown.length <= 62 && other.length <= 62);
    }),
  );
});

test.run();
