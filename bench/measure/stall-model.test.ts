// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type FrameOf, type FrameType, frameSchema } from '../../results/frames.ts';
import { aCell, aContainer, aPlan } from '../../results/testing/plans.ts';
import { Runner } from '../../vm/fake/guest.ts';
import { parseGuestPlan } from '../../vm/fake/guest-plan.ts';
import { renderGuestPlan } from '../plan/guest-plan.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { type Stall, stallLatencies, stallQuantile } from './stall-model.ts';

const test = suite('the stall model', { timeoutMs: 20_000 });

const stall: Stall = {
  rate: 400,
  serviceNs: 155_120,
  capacity: 1e9 / 155_120,
  workers: 64,
  windowNs: 5e9,
  stoppedNs: 1e9,
  continuedNs: 2e9,
};
const within = (share: number, value: number | null, of: number) =>
  assert.ok(value !== null && Math.abs(value / of - 1) <= share, `${value} instead of ${of}`);

test('of a line that falls from D to 0, a tail begins where arithmetic says', () => {
  const predicted = [stallLatencies(stall)];
  const load = stall.rate / stall.capacity;
  for (const [q, tail] of [
    [0.9, 0.1],
    [0.99, 0.01],
  ] as const) {
    const expected = stall.serviceNs + 1e9 - (1 - load) * tail * 5e9;
    within(1 / stall.rate, stallQuantile(predicted, q), expected);
  }
  assert.is(stallQuantile(predicted, 0.5), stall.serviceNs);
});

test('without a stop every request takes its service, or what has queued up', () => {
  const none = { ...stall, continuedNs: stall.stoppedNs };
  assert.equal(new Set(stallLatencies(none).latencies), new Set([stall.serviceNs]));
  const { latencies, missed } = stallLatencies({ ...none, rate: 2 * stall.capacity });
  assert.ok(missed > 0);
  assert.equal(
    latencies.slice(0, -1).filter((each, k) => each > (latencies[k + 1] ?? 0)),
    [],
    'it only grows',
  );
});

test('what is missed is what came and was not served, less those at work', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 20_000 }), fc.integer({ min: 1, max: 300 }), (rate, workers) => {
      const { capacity } = stall;
      const { missed, latencies } = stallLatencies({ ...stall, rate, workers });
      assert.is(missed + latencies.length, rate * 5);
      const served = rate > capacity ? capacity * 4 : rate + capacity * 3;
      assert.ok(Math.abs(missed - Math.max(0, rate * 5 - served - workers)) <= 3);
    }),
  );
});

test('a missed start is longer than any latency', () => {
  const windows = [{ latencies: [1, 2, 3], missed: 1 }];
  assert.equal([stallQuantile(windows, 0.75), stallQuantile(windows, 0.76)], [3, null]);
  assert.is(stallQuantile([{ latencies: [], missed: 0 }], 0.5), null);
});

test('a stall that makes no sense is refused', () => {
  for (const wrong of [{ rate: 0 }, { capacity: 0 }, { workers: 0 }, { continuedNs: 0 }]) {
    assert.throws(() => stallLatencies({ ...stall, ...wrong }), RangeError);
  }
});

/** One window of the fake guest in which the agent stood still, and its stamps of it. */
function measured(rate: number, varying: boolean) {
  const faults = [{ name: 'stop-answerer', container: 'a', atMs: 1_000, untilMs: 2_000 }];
  const windows = [{ ms: 5_000, maxRequests: 1_000_000, samples: true, rate, faults }];
  const plan = aPlan([aCell({ containers: [aContainer('a', { requesters: 64 })], windows })], 1);
  const text = renderGuestPlan(plan, plan.boots[0] as (typeof plan.boots)[number]);
  const random = randomOf(1);
  const unit = varying ? () => random.unit() : () => 0.25;
  const options = { kernelRelease: 'x', cmdline: 'x', smp: 1, unit, misbehaviour: () => undefined };
  const frames = [...new Runner(parseGuestPlan(text), options).run()].flatMap((event, n) =>
    event.kind === 'frame' ? [frameSchema.parse({ ...event.body, n })] : [],
  );
  const of = <T extends FrameType>(type: T) => frames.filter((frame): frame is FrameOf<T> => frame.t === type);
  const [window] = of('window');
  const [inject, clear] = of('fault');
  assert.ok(window?.arrivals && inject && clear);
  const all = of('samples').flatMap(({ rows }) => rows.map(([, latency]) => latency));
  return {
    seen: [{ latencies: all, missed: window.arrivals.missed }],
    stall: {
      ...stall,
      rate,
      stoppedNs: inject.mono_before - window.mono_start,
      continuedNs: clear.mono_before - window.mono_start,
    },
  };
}

for (const varying of [false, true]) {
  for (const rate of [20, 50, 400, 2_000, 4_000, 4_500]) {
    const how = varying ? 'that varies' : 'of one length';
    test(`a 1 s stop at ${rate}/s and service ${how}: p90 and p99 within 2% of the model, nothing missed`, () => {
      const { seen, stall } = measured(rate, varying);
      assert.is(seen[0]?.missed, 0);
      const predicted = [stallLatencies(stall)];
      for (const q of [0.9, 0.99]) within(0.02, stallQuantile(seen, q), stallQuantile(predicted, q) ?? Number.NaN);
    });
  }
}

test('at 5,000/s the backlog outlives the window: p90 as the model says, p99 lost in the missed starts, as many as it says', () => {
  const { seen, stall } = measured(5_000, false);
  const predicted = [stallLatencies(stall)];
  within(0.02, stallQuantile(seen, 0.9), stallQuantile(predicted, 0.9) ?? Number.NaN);
  assert.equal([stallQuantile(seen, 0.99), stallQuantile(predicted, 0.99)], [null, null]);
  within(0.02, seen[0]?.missed ?? null, predicted[0]?.missed ?? Number.NaN);
});

test('beyond capacity missed starts explain all of the tail, and the model tells how many', () => {
  const { seen, stall } = measured(10_000, false);
  const predicted = [stallLatencies(stall)];
  for (const q of [0.9, 0.99]) assert.equal([stallQuantile(seen, q), stallQuantile(predicted, q)], [null, null]);
  within(0.02, stallQuantile(seen, 0.4), stallQuantile(predicted, 0.4) ?? Number.NaN);
  within(0.02, seen[0]?.missed ?? null, predicted[0]?.missed ?? Number.NaN);
});

test.run();
