// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { WindowPlan } from '../../results/plan.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { hammerOverheads } from './hammer.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('the hammer’s cost');

const timed: WindowPlan = { ms: 1000, maxRequests: 1000, samples: false, timing: 'each' };
const batched: WindowPlan = { ...timed, timing: 'batch' };
const study = aCell({ windows: Array.from({ length: 5 }, () => [timed, batched, batched, timed]).flat() });

/** A window takes `of(index)` ns. */
const taking = (of: (index: number, isBatch: boolean) => number) =>
  changing('window', ({ index, mono_start, batch }) => ({ mono_end: mono_start + of(index, batch !== undefined) }));

const close = (value: number | null | undefined, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-9, `${value}, expected ${expected}`);

test('it is the share of throughput lost to the clock, with an interval', () => {
  const metric = one(
    measured(
      study,
      taking((_, isBatch) => (isBatch ? 0.98e9 : 1e9)),
      1,
    ),
    'hammer.overhead',
  );
  close(values(metric)[0], 0.02);
  const { interval, uncertainty } = metric.samples[0] ?? {};
  close(interval?.low, 0.02);
  close(interval?.high, 0.02);
  close(uncertainty, 0);
  assert.is(metric.dimensions.container, 'subject');
});

test('what both windows of a pair saw does not count, whichever came first', () => {
  const drift = (index: number) => 1 + Math.floor(index / 2) / 3;
  const metric = one(
    measured(
      study,
      taking((index, isBatch) => Math.round(1e9 * drift(index) * (isBatch ? 0.99 : 1))),
      1,
    ),
    'hammer.overhead',
  );
  assert.ok(Math.abs((values(metric)[0] ?? 0) - 0.01) < 1e-6);
});

test('its interval is as wide as the pairs scatter', () => {
  const scatter = (index: number) => Math.round(1e9 * (1 + ((index * 7) % 10) / 100));
  const { value, interval, uncertainty } = one(measured(study, taking(scatter), 1), 'hammer.overhead').samples[0] ?? {};
  assert.ok(interval && value != null && interval.low < value && value < interval.high);
  close(uncertainty, Math.max(interval.high - value, value - interval.low));
});

test('batches have a throughput of their own and no latencies', () => {
  const metrics = measured(study, {}, 1);
  assert.equal(values(one(metrics, 'upcall.throughput', { phase: 'batch' })), [1000]);
  assert.not.ok(
    metrics.some(({ name, dimensions }) => name.startsWith('upcall.latency') && dimensions.phase === 'batch'),
  );
  one(metrics, 'upcall.latency.p50', { phase: 'steady' });
});

test('a boot that lacks a window has no figure, and a handful of pairs no interval', () => {
  assert.equal(reasons(one(measured(study, panicInBoot1), 'hammer.overhead')), [undefined, 'guest-panic']);
  const short = aCell({ windows: study.windows.slice(0, 10) });
  assert.equal(reasons(one(measured(short, {}, 1), 'hammer.overhead')), ['too-few-pairs']);
  assert.not.ok(measured(aCell()).some(({ name }) => name === 'hammer.overhead'));
});

test('over a run all pairs of the boots that have them are one sample', () => {
  const slower = (boot: number) => (boot === 0 ? 0.98 : 0.97);
  const run = aRun(aPlan([study, aCell({ id: 'c1' })], 3), {
    frame: (frame, boot) =>
      frame.t === 'window' && frame.cell === 'c0' && frame.batch !== undefined
        ? { ...frame, mono_end: frame.mono_start + Math.round(1e9 * slower(boot)) }
        : frame,
    panicBefore: (frame, boot) => boot === 2 && frame.t === 'window',
  });
  const found = hammerOverheads(run);
  assert.is(found.length, 1);
  assert.equal([found[0]?.pairs, found[0]?.boots], [20, 2]);
  assert.ok(found[0]?.overhead.value != null && 0.02 < found[0].overhead.value && found[0].overhead.value < 0.03);
  const none = hammerOverheads(aRun(aPlan([study], 1), { panicBefore: (frame) => frame.t === 'window' }));
  assert.equal(none[0]?.overhead, { value: null, reason: 'guest-panic' });
});

test.run();
