// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { linearScale, logScale, type Scale, spanScale, tailScale } from './scale.ts';

const test = suite('scales');

const plain = String;

function demandSound(scale: Scale, values: readonly number[], [from, to]: readonly [number, number]): void {
  const [least, most] = [Math.min(from, to) - 1e-6, Math.max(from, to) + 1e-6];
  for (const value of [...values, ...scale.ticks.map((tick) => tick.value)]) {
    const at = scale.at(value);
    assert.ok(at >= least && at <= most, `${value} at ${at}`);
  }
  assert.ok(scale.ticks.length >= 2 && scale.ticks.length < 40, `${scale.ticks.length} ticks`);
}

const range = fc.constantFrom([50, 400] as const, [240, 20] as const);

test('every value and every tick is on the page, and greater values are farther along it', () => {
  const values = fc.array(fc.double({ min: 1, max: 1e12, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, range, (all, page) => {
      for (const scale of [linearScale(all, page, plain), logScale(all, page, plain)]) {
        demandSound(scale, all, page);
        const places = [...all].sort((a, b) => a - b).map((value) => scale.at(value));
        const direction = Math.sign(page[1] - page[0]);
        for (const [index, place] of places.entries()) {
          assert.ok((place - (places[index - 1] ?? place)) * direction >= -1e-6);
        }
      }
    }),
  );
});

test('ticks are round numbers', () => {
  const ticks = (scale: Scale) => scale.ticks.map(({ label }) => label);
  assert.equal(ticks(linearScale([0, 1], [0, 200], plain)), ['0', '0.2', '0.4', '0.6', '0.8', '1']);
  assert.equal(ticks(logScale([120, 80_000], [0, 400], plain, 90)), ['1000', '10000']);
  assert.equal(ticks(logScale([150, 210], [0, 300], plain)), ['160', '180', '200', '220', '240']);
  assert.equal(ticks(spanScale(3, [0, 400], plain)), ['0', '0.5', '1', '1.5', '2', '2.5', '3']);
});

test('ticks of a logarithmic axis keep the distance asked for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1e9, noNaN: true }),
      fc.double({ min: 5.5, max: 1e9, noNaN: true }),
      (low, times) => {
        const scale = logScale([low, low * times], [0, 400], plain, 40);
        const places = scale.ticks.map(({ value }) => scale.at(value));
        if (places.length > 2) {
          for (let i = 1; i < places.length; i++) assert.ok((places[i] ?? 0) - (places[i - 1] ?? 0) > 39);
        }
      },
    ),
  );
});

test('each nine of a percentile takes as much room as the one before', () => {
  const scale = tailScale([0.999], [0, 300]);
  assert.equal(
    scale.ticks.map(({ label }) => label),
    ['0', 'p50', 'p90', 'p99', 'p99.9'],
  );
  for (const [p, at] of [
    [0, 0],
    [0.9, 100],
    [0.99, 200],
    [0.999, 300],
  ] as const) {
    assert.ok(Math.abs(scale.at(p) - at) < 1e-6);
  }
});

test('what has no place on a logarithmic axis is an error', () => {
  assert.throws(() => logScale([0, 10], [0, 100], plain), /no place/);
  assert.throws(() => linearScale([], [0, 100], plain), /needs values/);
});

test.run();
