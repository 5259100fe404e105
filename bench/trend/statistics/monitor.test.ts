// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { randomOf } from '../../plan/random.ts';
import { suite } from '../../testing/suite.ts';
import { drawSeries, type World } from '../calibration/world.ts';
import { asNormal, detectable, leastNights, watch } from './monitor.ts';
import { tigerbeetle } from './published/series.ts';
import { Nights } from './reference.ts';
import { alarmRate, thresholdOf } from './threshold.ts';

const test = suite('watching a series', { timeoutMs: 60_000 });

const world: World = {
  series: 1,
  boots: 1,
  scatter: 0,
  nightScatter: 0.01,
  likeness: 0,
  disturbedNights: 0,
  disturbedBoots: 0,
  step: Math.log(1.05),
  nightsBefore: [30, 30],
};
const rules = { resets: new Set<number>(), rate: () => 2 / (365 * 200), delta: 0.01, resolution: 0.004 };
const stepped = (seed: number, nights = 60, step = 30) => drawSeries(world, nights, step, randomOf(seed));

test('a step of five scatters is found where it began, with its size: mostly within five nights, and never missed', () => {
  const delays = Array.from({ length: 20 }, (_, seed) => {
    const [alarm, ...more] = watch({ values: stepped(seed), ...rules }).alarms;
    assert.ok(alarm !== undefined && more.length === 0, `seed ${seed}`);
    assert.is(alarm.from, 30);
    assert.ok(Math.abs(alarm.shift - Math.log(1.05)) < 0.02);
    return alarm.at - 29;
  });
  assert.ok(delays.filter((delay) => delay <= 5).length >= 16 && Math.max(...delays) <= 15, String(delays));
});

test('what was said of a history is said of every longer one, whatever comes after', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 0, max: 60 }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true })),
      (seed, cut, more) => {
        const values = stepped(seed % 1000).slice(0, cut);
        const { alarms } = watch({ values, ...rules });
        const longer = watch({ values: [...values, ...more], ...rules }).alarms;
        assert.equal(
          longer.filter(({ at }) => at < cut),
          alarms,
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('one night alone, however far off, raises nothing; nor do nights without a figure, which count as not there', () => {
  const values = stepped(1).slice(0, 30);
  assert.equal(watch({ values: [...values, 9, ...values], ...rules }).alarms, []);
  const gaps = stepped(3).flatMap((value, night) => (night % 3 === 0 ? [null, value] : [value]));
  const [plain] = watch({ values: stepped(3), ...rules }).alarms;
  const [gapped] = watch({ values: gaps, ...rules }).alarms;
  assert.is(gapped?.shift, plain?.shift);
  assert.equal(watch({ values: [...values, Number.NaN, Number.POSITIVE_INFINITY], ...rules }).alarms, []);
});

test('a step smaller than delta, or one at a reset, raises nothing', () => {
  const exact = Array.from({ length: 80 }, (_, night) => (night < 40 ? 0 : 0.009));
  assert.equal(watch({ values: exact, ...rules, resolution: 0.0001 }).alarms, []);
  assert.is(watch({ values: exact, ...rules, resolution: 0.0001, delta: 0.005 }).alarms.length, 1);
  assert.equal(watch({ values: stepped(5), ...rules, resets: new Set([30]) }).alarms, []);
});

test('figures that never vary are followed too', () => {
  const [alarm] = watch({ values: Array.from({ length: 40 }, (_, night) => (night < 30 ? 1 : 1.1)), ...rules }).alarms;
  assert.is(alarm?.from, 30);
  assert.ok((alarm?.at ?? 99) <= 36);
});

test('too few nights to learn from say nothing; more of them say how small a step would be found', () => {
  const { reference, alarms } = watch({ values: stepped(1).slice(0, leastNights - 1), ...rules });
  assert.ok(reference === null && alarms.length === 0);
  const known = (n: number) => watch({ values: stepped(1, n, n), ...rules }).reference;
  const [few, many] = [known(20), known(150)];
  if (few === null || many === null) throw new Error('no reference');
  assert.ok(detectable(few, rules.rate()) > detectable(many, rules.rate()));
});

test('the changes of at least 5% that others found in two years of TigerBeetle are found, as far as they can be seen in time', () => {
  const values = tigerbeetle.values.map(Math.log);
  const { alarms } = watch({ values, ...rules, delta: Math.log1p(0.05) });
  for (const change of tigerbeetle.changes)
    assert.ok(
      alarms.some(({ from }) => Math.abs(from - change) <= 1),
      `${change}: ${JSON.stringify(alarms)}`,
    );
});

test('a threshold has the rate it was asked for, and Student’s t is brought to a normal value as rare', () => {
  const windows = { from: 3, to: 5 };
  for (const rate of [1e-6, 1e-4, 1e-3]) {
    const found = alarmRate(thresholdOf(rate, windows), windows);
    assert.ok(Math.abs(found / rate - 1) < 1e-6);
  }
  // Of t with 10 degrees of freedom 0.1% lie above 4.144, of normal values above 3.090.
  assert.ok(Math.abs(asNormal(4.144, 10) - 3.09) < 0.02);
});

test('a reference keeps its place though one night in twenty is disturbed, and says that it is restless', () => {
  const nights = new Nights(180);
  const disturbed: World = { ...world, disturbedNights: 0.05 };
  for (const value of drawSeries(disturbed, 120, 120, randomOf(2))) nights.add(value);
  const { middle, restless } = nights.reference(0.001);
  assert.ok(restless && Math.abs(middle) < 0.01, String(middle));
  const calm = new Nights(180);
  for (const value of drawSeries({ ...world, likeness: 0.5 }, 400, 400, randomOf(2))) calm.add(value);
  const reference = calm.reference(0.001);
  assert.ok(!reference.restless && reference.nights === 180);
  assert.ok(Math.abs(reference.likeness - 0.5) < 0.2 && Math.abs(reference.scatter - 0.01) < 0.002);
  assert.throws(() => new Nights(3).reference(1), /no reference of 0/);
});

test.run();
