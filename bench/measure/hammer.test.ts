// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { WindowPlan } from '../../results/plan.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun } from '../../results/testing/runs.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { hammerOverheads } from './hammer.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('the hammer’s cost');

const timed: WindowPlan = { ms: 1000, maxRequests: 1000, samples: false, timing: 'each' };
const batched: WindowPlan = { ...timed, timing: 'batch' };
const study = aCell({ windows: Array.from({ length: 6 }, () => [timed, batched, batched, timed]).flat() });

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

test('what comes first of two may be slower: it counts for neither, and widens no interval', () => {
  const second = (index: number) => index % 2 === 1;
  const metric = one(
    measured(
      study,
      taking((index, isBatch) => Math.round(1e9 * (second(index) ? 1 : 1.3) * (isBatch ? 0.99 : 1))),
      1,
    ),
    'hammer.overhead',
  );
  const [sample] = metric.samples;
  assert.ok(Math.abs((sample?.value ?? 0) - 0.01) < 1e-6 && (sample?.uncertainty ?? 1) < 1e-6);
});

test('pairs that all have one order make no block', () => {
  const sameOrder = aCell({ windows: Array.from({ length: 20 }, () => [timed, batched]).flat() });
  assert.not.ok(measured(sameOrder, {}, 1).some(({ name }) => name === 'hammer.overhead'));
});

test('its interval is as wide as the blocks scatter', () => {
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
  const short = aCell({ windows: study.windows.slice(0, 20) });
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
  assert.equal([found[0]?.pairs, found[0]?.boots], [24, 2]);
  assert.ok(found[0]?.overhead.value != null && 0.02 < found[0].overhead.value && found[0].overhead.value < 0.03);
  const none = hammerOverheads(aRun(aPlan([study], 1), { panicBefore: (frame) => frame.t === 'window' }));
  assert.equal(none[0]?.overhead, { value: null, reason: 'guest-panic' });
});

/**
 * What the interval is for. Of 200 studies of 128 windows on a made-up host, with a true cost of 0.7%, 95% should hold it: a host that
 * drifts all the time, one whose disturbances outlast a window, one that takes some windows several times as long.
 */
const hosts = {
  drifts: { drift: 0.01, walk: 0.02, memory: 0, spikes: 0 },
  'is disturbed for longer than a window': { drift: 0, walk: 0, memory: 0.5, spikes: 0.02 },
  'has spikes': { drift: 0, walk: 0, memory: 0, spikes: 0.05 },
} as const;

for (const [what, host] of Object.entries(hosts)) {
  test(`its interval holds the truth as often as it says, on a host that ${what}`, () => {
    const random = randomOf(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
    const [studies, cost] = [200, 0.007];
    const quick = { timed: { ...timed, maxRequests: 10 }, batched: { ...batched, maxRequests: 10 } };
    const fourWindows = [quick.timed, quick.batched, quick.batched, quick.timed];
    const long = aCell({ windows: Array.from({ length: 32 }, () => fourWindows).flat() });
    const durations = () => {
      let [trend, noise] = [0, 0];
      return long.windows.map(({ timing }) => {
        trend += host.drift + host.walk * normal();
        noise = host.memory * noise + 0.03 * normal();
        const spike = random.unit() < host.spikes ? Math.log(1 + 3 * random.unit()) : 0;
        return Math.round(1e9 * Math.exp(trend + noise + spike) * (timing === 'batch' ? 1 - cost : 1));
      });
    };
    let holds = 0;
    for (let study = 0; study < studies; study++) {
      const lasts = durations();
      const [found] = hammerOverheads(
        aRun(aPlan([long], 1), {
          frame: (frame) =>
            frame.t === 'window' ? { ...frame, mono_end: frame.mono_start + (lasts[frame.index] ?? 0) } : frame,
        }),
      );
      const interval = found?.overhead.value == null ? undefined : found.overhead.interval;
      if (interval !== undefined && interval.low <= cost && cost <= interval.high) holds++;
    }
    // Four standard deviations of 3.1 to either side.
    assert.ok(Math.abs(holds - studies * 0.95) < 12.4, `${holds} of ${studies}`);
  });
}

test.run();
