// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { median } from './median.ts';
import { confidence, leastPairs, shiftOf } from './signed-rank.ts';

const test = suite('signed ranks');

/** All means of two, by definition. */
function walsh(values: readonly number[]): number[] {
  return values.flatMap((a, i) => values.slice(i).map((b) => (a + b) / 2)).sort((a, b) => a - b);
}

test('a published case: depression scores before and after, Hollander and Wolfe', () => {
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const shift = shiftOf(after.map((value, i) => value - (before[i] as number)));
  assert.ok(shift);
  // Estimate -0.46, and the interval (-0.786, -0.010) of the closest confidence above 95%, 96.1%.
  assert.ok(Math.abs(shift.estimate + 0.46) < 1e-9);
  assert.ok(Math.abs(shift.interval.low + 0.786) < 5e-4);
  assert.ok(Math.abs(shift.interval.high + 0.01) < 1e-9);
});

test('the ranks are those of the published critical values', () => {
  // Two-sided, 5%: the test rejects at T up to 0, 8, 52, 434; the interval begins at the next average.
  for (const [n, critical] of [
    [6, 0],
    [10, 8],
    [20, 52],
    [50, 434],
  ] as const) {
    const values = Array.from({ length: n }, (_, i) => 2 ** (i / 4));
    const averages = walsh(values);
    assert.is(shiftOf(values)?.interval.low, averages[critical], `${n} pairs`);
    assert.is(shiftOf(values)?.interval.high, averages[averages.length - 1 - critical], `${n} pairs`);
  }
});

test('estimate and interval are averages of two, also where the distribution is only approximated', () => {
  const random = randomOf(3);
  for (const n of [6, 7, 60, 61, 128]) {
    const values = Array.from({ length: n }, () => random.unit() ** 3);
    const averages = walsh(values);
    const shift = shiftOf(values);
    assert.ok(shift);
    assert.ok(Math.abs(shift.estimate - median(averages)) < 1e-12);
    assert.ok(averages.includes(shift.interval.low) && averages.includes(shift.interval.high));
  }
  // Where exact and approximate meet, they agree.
  const width = (n: number) => {
    const found = shiftOf(Array.from({ length: n }, (_, i) => i))?.interval;
    return found === undefined ? 0 : (found.high - found.low) / n;
  };
  assert.ok(Math.abs(width(60) / width(61) - 1) < 0.03);
});

test('too few pairs have no interval', () => {
  assert.is(shiftOf(Array.from({ length: leastPairs - 1 }, () => 1)), null);
  assert.equal(shiftOf([5, 5, 5, 5, 5, 5]), { estimate: 5, interval: { low: 5, high: 5, confidence } });
});

test('a disturbance of a few pairs moves nothing far', () => {
  const values = Array.from({ length: 128 }, (_, i) => (i % 11) - 5);
  const disturbed = values.map((value, i) => (i % 20 === 0 ? 1e9 : value));
  const [quiet, loud] = [shiftOf(values), shiftOf(disturbed)];
  assert.ok(quiet && loud && Math.abs(loud.estimate - quiet.estimate) < 1);
});

/** Skewed on purpose: a difference of two draws of anything is symmetric, which is all that is asked. */
test('its interval holds the truth as often as it says', () => {
  const random = randomOf(11);
  const duration = () => Math.exp(0.03 * random.unit()) * (random.unit() < 0.05 ? 1 + 3 * random.unit() : 1);
  const [studies, truth] = [600, 0.007];
  let holds = 0;
  for (let study = 0; study < studies; study++) {
    const { low, high } = shiftOf(Array.from({ length: 64 }, () => Math.log(duration() / duration()) + truth))
      ?.interval ?? { low: 0, high: 0 };
    if (low <= truth && truth <= high) holds++;
  }
  // 95% of 600 with a standard deviation of 5.3; four of them on either side.
  assert.ok(Math.abs(holds - studies * confidence) < 22, `${holds} of ${studies}`);
});

test.run();
