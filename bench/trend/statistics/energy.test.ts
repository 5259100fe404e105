// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { bestSplit } from './energy.ts';
import { hunter, otavaSteps } from './published/series.ts';

const test = suite('energy distance');

test('Hunter’s published changes: each is the split with the greatest divergence', () => {
  for (const { values, change } of Object.values(hunter)) assert.is(bestSplit(values)?.index, change);
});

test('Otava’s published changes, found as E-divisive does: one in the whole, the other in what is left', () => {
  const { values, changes } = otavaSteps;
  const whole = bestSplit(values);
  assert.ok(whole !== null && changes.some((change) => change === whole.index));
  const before = whole.index === changes[0] ? values.slice(whole.index) : values.slice(0, whole.index);
  const offset = whole.index === changes[0] ? whole.index : 0;
  const found = [whole.index, (bestSplit(before)?.index ?? 0) + offset].sort((a, b) => a - b);
  assert.equal(found, changes);
});

test('is the greatest of the divergences as the paper defines them, of all ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 12 }), (values) => {
      const found = bestSplit(values);
      let most = Number.NEGATIVE_INFINITY;
      for (let index = 1; index < values.length; index++)
        for (let end = index + 1; end <= values.length; end++)
          most = Math.max(most, plain(values.slice(0, index), values.slice(index, end)));
      assert.ok(found !== null && Math.abs(found.q - most) < 1e-9);
    }),
  );
});

test('MongoDB’s published test (signal-processing-algorithms, tests/test_e_divisive.py), steps from 0 to 1: the place is exact, also with at least two values on either side', () => {
  for (let n = 4; n < 40; n++) assert.is(bestSplit([...Array(n).fill(0), ...Array(n).fill(1)], 2)?.index, n);
  assert.is(bestSplit([1, 2, 3], 2), null);
});

/** (5) and (6) of Matteson and James, with exponent 1. */
function plain(first: readonly number[], second: readonly number[]): number {
  const mean = (list: number[]) => (list.length === 0 ? 0 : list.reduce((sum, each) => sum + each, 0) / list.length);
  const pairs = (list: readonly number[]) => list.flatMap((a, i) => list.slice(i + 1).map((b) => Math.abs(a - b)));
  const between = first.flatMap((a) => second.map((b) => Math.abs(a - b)));
  const [m, n] = [first.length, second.length];
  return ((m * n) / (m + n)) * (2 * mean(between) - mean(pairs(first)) - mean(pairs(second)));
}

test.run();
