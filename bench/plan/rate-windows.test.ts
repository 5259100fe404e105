// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { RateLadder } from '../../scenarios/types.ts';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { randomOf } from './random.ts';
import { rateWindows } from './rate-windows.ts';

const test = suite('windows of open loop');

const shape = { ms: { least: 500, most: 5_000 }, atLeast: 2, samples: false };
const ladder: RateLadder = {
  rates: [10, 20, 40, 80, 1_000],
  near: { least: 0.5, most: 2 },
  starts: [1_000, 100],
  withinMs: 10_000,
  shapes: [shape],
};
const windows = (capacity: number, asked: number[] = [], change: Partial<RateLadder> = {}, seed = 7) =>
  rateWindows({ ...ladder, ...change }, capacity, asked, randomOf(seed));
const rates = (list: { rate?: number | undefined }[]) =>
  [...new Set(list.map(({ rate }) => rate ?? 0))].sort((a, b) => a - b);

test('a mechanism takes the rates around what it can', () => {
  assert.equal(rates(windows(30)), [20, 40]);
  assert.equal(rates(windows(30, [], { near: { least: 0, most: 9 } })), [10, 20, 40, 80]);
});

test('without a range it takes all, and off the ladder the closest', () => {
  const { near: _, ...all } = ladder;
  assert.equal(rates(rateWindows(all, 30, [], randomOf(1))), ladder.rates);
  assert.equal(rates(windows(9_000)), [1_000]);
  assert.equal(rates(windows(1)), [10]);
});

test('rates that were asked for come in place of the ladder, each once', () => {
  assert.equal(rates(windows(30, [500, 7, 500])), [7, 500]);
});

test('a rate has as many starts as a p99 needs, or where that takes too long as a p90', () => {
  for (const [rate, starts] of [
    [1_000, 1_000],
    [100, 1_000],
    [99, 100],
    [10, 100],
  ] as const) {
    const made = windows(1, [rate]);
    const due = made.reduce((sum, { ms }) => sum + Math.ceil((rate * ms) / 1_000), 0);
    assert.ok(due >= starts && due < starts * 1.03, `${due} starts at ${rate}/s`);
  }
});

test('windows fit the plan whatever the rate: long enough, at most 5 s, and never ended by the number of their requests', () => {
  const anyRate = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(anyRate, fc.nat(), (rate, seed) => {
      const made = windows(1, [rate], {}, seed);
      assert.ok(made.length >= shape.atLeast && made.length <= 256);
      for (const { ms, maxRequests, samples } of made) {
        assert.ok(Number.isInteger(ms) && ms >= 500 && ms <= 5_000);
        assert.ok(maxRequests > (rate * ms) / 1_000);
        assert.is(samples, false);
      }
    }),
  );
});

test('each shape comes at each rate, with its fault', () => {
  const faults = [{ name: 'stop-answerer', container: 'victim', atMs: 1, untilMs: 2 }];
  const made = windows(1, [100, 300], { shapes: [shape, { ...shape, samples: true, faults }] });
  for (const rate of [100, 300]) {
    const here = made.filter((window) => window.rate === rate);
    assert.equal(here.map((window) => window.faults !== undefined).sort(), [
      ...here.map(() => false).slice(here.length / 2),
      ...here.map(() => true).slice(here.length / 2),
    ]);
    for (const window of here) assert.is(window.samples, window.faults !== undefined);
  }
});

test('the order is the seed’s, and rates do not rise', () => {
  assert.equal(windows(30), windows(30));
  assert.not.equal(windows(1, [1, 2, 3, 4, 5], {}, 1), windows(1, [1, 2, 3, 4, 5], {}, 2));
  const order = windows(1, [1, 2, 3, 4, 5]).map(({ rate }) => rate ?? 0);
  assert.not.equal(
    order,
    [...order].sort((a, b) => a - b),
  );
});

test('a rate that is none, or more windows than a cell may have, is a usage error', () => {
  for (const wrong of [0, -1, 1.5, Number.NaN, 100_001]) {
    assert.throws(
      () => windows(1, [wrong]),
      (error: unknown) => error instanceof KeystormError && error.exitCode === 2 && /whole number/.test(error.message),
    );
  }
  const many = Array.from({ length: 129 }, (_, i) => 1_000 + i);
  assert.throws(() => windows(1, many), /need 258 windows, a cell may have 256/);
});

test.run();
