// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { combine, type PerBoot, reasonsMissing, summarise } from './figures.ts';
import { inUnitsOf } from './format.ts';
import { durationFormat, durationText, plainFormat, ratioFormat, sideBySide, stacked } from './spread.ts';

const test = suite('figures over boots');

/** One figure a boot; a text is the reason why there is none. */
const figure = (...values: readonly (number | string)[]): PerBoot =>
  new Map(values.map((value, boot) => [boot, typeof value === 'number' ? { value } : { value: null, reason: value }]));

test('the median is that of the boots which have a value', () => {
  assert.equal(summarise(figure(3, 'guest-panic', 1)), { median: 2, min: 1, max: 3, boots: 2 });
  assert.equal(summarise(figure(5, 1, 9)), { median: 5, min: 1, max: 9, boots: 3 });
  assert.is(summarise(figure('hang', 'hang')), null);
});

test('median, minimum and maximum are in order, and the extremes were measured', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e18, noNaN: true }), { minLength: 1 }), (values) => {
      const summary = summarise(figure(...values));
      assert.ok(summary);
      assert.ok(summary.min <= summary.median && summary.median <= summary.max);
      assert.ok(values.includes(summary.min) && values.includes(summary.max));
    }),
  );
});

test('a figure and its range are in one notation, and say how many boots have it', () => {
  assert.is(sideBySide(figure(0.08, 0.05, 0.2), ratioFormat), '1/12.5 [1/20..1/5]');
  assert.is(sideBySide(figure(1_500, 'hang', 1_500), durationFormat), '1.5 µs (2 of 3 boots)');
});

test('a ratio is taken within each boot, not between medians', () => {
  const ratio = combine([figure(10, 40, 90), figure(1, 2, 3)], (a, b) => a / b);
  assert.is(summarise(ratio)?.median, 20);
  assert.equal(
    [...ratio.values()].map(({ value }) => value),
    [10, 20, 30],
  );
});

test('a ratio is missing where one of its parts is, for the same reason, or where it has no value', () => {
  const ratio = combine([figure(1, 'hang', 1, 1), figure(1, 1, 'too-few-samples', 0)], (a, b) => a / b);
  assert.is(reasonsMissing(ratio), 'hang in boot 1; too-few-samples in boot 2; division-by-zero in boot 3');
  assert.is(reasonsMissing(combine([figure(1), new Map()], (a, b) => a / b)), 'not-measured in boot 0');
});

test('boots with the same reason are named together', () => {
  assert.is(reasonsMissing(figure('hang', 1, 'hang')), 'hang in boots 0, 2');
  assert.is(reasonsMissing(figure(1)), '');
});

test('a figure is its median and its extremes, in one unit; a dash if there is none', () => {
  assert.is(stacked(figure(1_500, 900, 2_000), durationFormat), '1.5 µs\n[0.9..2]');
  assert.is(sideBySide(figure(1_500), durationFormat), '1.5 µs');
  assert.is(stacked(figure('hang'), durationFormat), '–');
  assert.is(sideBySide(figure('hang'), durationFormat), null);
});

test('extremes that read the same are not worth a line', () => {
  assert.is(stacked(figure(0, 0, 0), plainFormat), '0');
  assert.is(stacked(figure(1_000_001, 1_000_002), durationFormat), '1 ms');
});

test('small ratios are fractions, large ones factors', () => {
  assert.equal(
    [0.0042, 0.099, 0.2, 1, 2.345, 240].map((value) => stacked(figure(value), ratioFormat)),
    ['1/238', '1/10.1', '0.2×', '1×', '2.35×', '240×'],
  );
});

test('what counts instructions never looks like time, and what is printed afterwards does again', () => {
  for (const value of [1, 66_100, 2_500_000, 3e9]) {
    assert.match(
      inUnitsOf('icount', () => durationText(value)),
      / vns$/,
    );
    assert.not.match(
      inUnitsOf('icount', () => durationText(value)),
      /[mµn]?s\b(?<!vns)/,
    );
  }
  assert.is(
    inUnitsOf('icount', () => durationText(66_100)),
    '66.1 k vns',
  );
  assert.throws(() =>
    inUnitsOf('icount', () => {
      throw new Error('half way');
    }),
  );
  assert.is(durationText(66_100), '66.1 µs');
});

test.run();
