// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import type { CellPlan } from '../../results/plan.ts';
import { aCell } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { changing, measured, one, reasons, values } from './testing/measured.ts';

const test = suite('stages of an upcall');

const plain = { ms: 4000, maxRequests: 100, samples: false };
const stamped = { ...plain, stages: true };
const staged = (blocks: number, overrides: Partial<CellPlan> = {}): CellPlan => {
  return aCell({
    windows: Array.from({ length: blocks }, () => [plain, stamped, stamped, plain]).flat(),
    ...overrides,
  });
};

test('each part has its mean and median over all windows with stages, and the means add up to the latency', () => {
  const metrics = measured(staged(1), {}, 1);
  const mean = (part: string) => values(one(metrics, `stage.${part}.mean`, { phase: 'stages' }))[0] ?? 0;
  const latencies = Array.from({ length: 100 }, (_, i) => 100_000 + ((i * 37) % 100) * 1000);
  const latency = latencies.reduce((sum, each) => sum + each, 0) / 100;
  assert.is(mean('enter') + mean('route') + mean('return'), latency);
  assert.ok(Math.abs(mean('route') / latency - 0.5) < 0.001);
  const [p50] = values(one(metrics, 'stage.route.p50'));
  assert.ok(Math.abs((p50 ?? 0) / 74_500 - 1) < 0.01, `${p50}`);
  assert.equal(values(one(metrics, 'stages.unjoined')), [0]);
});

test('a cell without stages has no such metrics', () => {
  assert.equal(
    measured(aCell()).filter(({ name }) => name.startsWith('stage')),
    [],
  );
});

test('requests that were taken apart are counted apart from those that were not', () => {
  const metrics = measured(staged(1), {}, 1);
  for (const phase of ['steady', 'stages'])
    assert.equal(values(one(metrics, 'upcall.errors', { phase, errno: 'all' })), [0]);
  const slow = changing('window', ({ index, hist }) =>
    index === 1 ? { hist: histogramOf(Array(hist.count).fill(9e6)) } : {},
  );
  const max = (phase: string) => values(one(measured(staged(1), slow, 1), 'upcall.latency.max', { phase }))[0];
  assert.equal([max('steady'), max('stages')], [199_000, 9e6]);
});

test('the cost of the stamps is the throughput that is lost to neighbours without', () => {
  // Every window with stamps takes twice as long.
  const twice = changing('window', ({ index, mono_start, mono_end }) =>
    [1, 2].includes(index % 4) ? { mono_end: mono_start + 2 * (mono_end - mono_start) } : {},
  );
  const overhead = one(measured(staged(6), twice, 1), 'stages.overhead');
  assert.ok(Math.abs((values(overhead)[0] ?? 0) - 0.5) < 1e-9);
  assert.ok(overhead.samples[0]?.interval !== undefined);
  assert.equal(reasons(one(measured(staged(2), {}, 1), 'stages.overhead')), ['too-few-pairs']);
});

test('a boot that did not report its stages has the parts that others have, each with the reason', () => {
  const silent = changing('stages', ({ index }) => (index === 2 ? null : {}));
  const none = measured(staged(1), silent, 1);
  assert.equal(values(one(none, 'stage.route.mean')), [null]);
  assert.equal(reasons(one(none, 'stages.unjoined')), ['not-reported']);
  const once = {
    frame: (frame: Parameters<NonNullable<typeof silent.frame>>[0], boot: number) =>
      frame.t === 'stages' && boot === 1 ? null : frame,
  };
  const both = one(measured(staged(1), once, 2), 'stage.route.mean');
  assert.is.not(values(both)[0], null);
  assert.is(values(both)[1], null);
});

test.run();
