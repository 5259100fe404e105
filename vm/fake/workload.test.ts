// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { aCell, aContainer } from '../../results/testing/plans.ts';
import { EventQueue } from './event-queue.ts';
import { isHit } from './load.ts';
import { first, framesOf, of } from './testing/frames.ts';

const test = suite('the fake guest’s workload');

const serviceNs = 155_000 + 2 * 60;
const open = (rate: number, ms = 1_000) => ({ ms, maxRequests: 100_000, samples: true, rate });

test('open loop: starts are due at fixed times, and a system with time to spare answers each at once', () => {
  const window = first(of(framesOf(aCell({ windows: [open(100)] })), 'window'));
  assert.is(window.started, 100);
  assert.equal([window.arrivals?.late, window.arrivals?.missed], [0, 0]);
  assert.equal([window.hist.min, window.hist.max], [serviceNs, serviceNs]);
  assert.equal(window.arrivals?.service_hist, window.hist);
  assert.is(window.mono_end - window.mono_start, 1e9);
});

test('what is under way at the end of a window is ok, and not in time', () => {
  const windows = [{ ms: 100, maxRequests: 1_000, samples: true }];
  const frames = framesOf(aCell({ containers: [aContainer('a', { requesters: 8 })], windows }));
  const window = first(of(frames, 'window'));
  assert.is(window.ok, Math.floor(1e8 / serviceNs) + 8);
  assert.is(window.in_time, Math.floor(1e8 / serviceNs));
});

test('a window is metered until it has drained, but for half a second after its end at most', () => {
  const fault = { name: 'stop-answerer', container: 'subject', atMs: 100, untilMs: 2_000 };
  const metered = (untilMs: number) => {
    const frames = framesOf(aCell({ windows: [{ ...open(100), faults: [{ ...fault, untilMs }] }] }));
    const { mono_before, mono_after } = first(of(frames, 'meter'));
    return mono_after - mono_before;
  };
  assert.is(metered(2_000), 1.5e9);
  assert.ok(metered(1_200) > 1.2e9 && metered(1_200) < 1.3e9);
});

test('open loop beyond capacity: latency grows from the due time, starts are late, and what was never made is missed', () => {
  const frames = framesOf(aCell({ containers: [aContainer('a', { requesters: 4 })], windows: [open(10_000)] }));
  const window = first(of(frames, 'window'));
  const arrivals = window.arrivals;
  assert.ok(arrivals);
  assert.is(window.started + arrivals.missed, 10_000);
  assert.ok(Math.abs(window.started - 1e9 / serviceNs) <= 5);
  assert.ok(arrivals.late > window.started - 10);
  // Four at a time on one processor: each sees four services, however long it had waited before.
  assert.is(arrivals.service_hist.max, 4 * serviceNs);
  assert.ok((window.hist.max ?? 0) > 0.3e9);
});

test('N bounds the starts of an open loop, and none beyond it is missed', () => {
  const window = first(of(framesOf(aCell({ windows: [{ ...open(100), maxRequests: 30 }] })), 'window'));
  assert.equal([window.started, window.arrivals?.missed], [30, 0]);
});

test('a stopped agent answers nobody until it goes on, and nobody fails', () => {
  const fault = { name: 'stop-answerer', container: 'a', atMs: 200, untilMs: 700 };
  const containers = [aContainer('a', { requesters: 2 }), aContainer('b', { requesters: 1 })];
  const frames = framesOf(aCell({ containers, windows: [{ ...open(100), faults: [fault] }] }));
  const [stopped, other] = of(frames, 'window');
  assert.ok(stopped && other);
  assert.equal([stopped.errors, stopped.started, stopped.arrivals?.missed], [{}, 100, 0]);
  // The one due at 200 ms waits for 500 ms and is then the first; two requesters hold the others up.
  assert.is(stopped.hist.max, 5e8 + serviceNs);
  // Those due from 220 ms on, up to the one that was due as it went on.
  assert.is(stopped.arrivals?.late, 49);
  assert.ok((other.hist.max ?? 0) < 1e6, 'its neighbour has an agent of its own');
  const phases = of(frames, 'fault').map(({ phase, mono_before }) => [phase, mono_before - stopped.mono_start]);
  assert.equal(phases, [
    ['inject', 2e8],
    ['clear', 7e8],
  ]);
  assert.is(of(frames, 'agent').filter(({ restart }) => restart).length, 0);
});

test('who storms does so in rounds while it is told to, rests at all other times, and ends no window early', () => {
  const fault = { name: 'storm-requesters', container: 'a', atMs: 200, untilMs: 700 };
  const containers = [aContainer('a', { requesters: 4 }), aContainer('b', { requesters: 1 })];
  const window = { ms: 1_000, maxRequests: 20, samples: true };
  const frames = framesOf(aCell({ containers, windows: [window, { ...window, faults: [fault] }] }));
  const [resting, alone, storming, beside] = of(frames, 'window');
  assert.ok(resting && alone && storming && beside);
  assert.is(resting.started, 0);
  assert.ok(storming.started > 20 && storming.started % 4 === 0);
  assert.ok(alone.ok > beside.ok && beside.ok > 20, `${alone.ok} and ${beside.ok}`);
  for (const { mono_start, mono_end } of [alone, beside]) assert.is(mono_end - mono_start, 1e9);
  const rows = of(frames, 'samples').filter(({ container, index }) => container === 'a' && index === 1);
  const starts = rows.flatMap((part) => part.rows.map(([start]) => start));
  assert.is(starts.length, storming.started);
  assert.ok(Math.min(...starts) === 2e8 && Math.max(...starts) < 7e8);
});

test('a stop that outlasts the module’s timeout fails those who wait', () => {
  const fault = { name: 'stop-answerer', container: 'a', atMs: 200, untilMs: 700 };
  const cell = aCell({ timeoutMs: 100, containers: [aContainer('a')], windows: [{ ...open(100), faults: [fault] }] });
  const frames = framesOf(cell);
  const window = first(of(frames, 'window'));
  assert.is(first(of(frames, 'counters')).delta.timeouts, window.errors.ENOKEY);
  assert.ok((window.errors.ENOKEY ?? 0) >= 4);
});

test('one shared agent answers for all, and what is done to it is done to all', () => {
  const containers = ['a', 'b'].map((name) => aContainer(name, { agent: 'shared' }));
  const fault = { name: 'kill-answerer', container: 'a', atMs: 200, untilMs: 700 };
  const frames = framesOf(aCell({ topology: 'shared', containers, windows: [{ ...open(100), faults: [fault] }] }));
  assert.equal(
    of(frames, 'agent').map(({ container, agent, restart }) => [container, agent, restart]),
    [
      [null, 1, false],
      [null, 2, true],
    ],
  );
  const windows = of(frames, 'window');
  assert.equal(
    windows.map(({ errors, foreign_ns, ok }) => [errors.ENOKEY, foreign_ns === ok]),
    [
      [50, true],
      [50, true],
    ],
  );
  const agents = new Set(of(frames, 'samples').flatMap(({ rows }) => rows.map(([, , , agent]) => agent)));
  assert.equal([...agents].sort(), [0, 1, 2]);
});

for (const kind of ['storm-distinct', 'storm-one'] as const) {
  test(`${kind}: rounds begin together, and every request of a round is accounted for`, () => {
    const requests = { kind, hitPercent: 0 };
    const windows = [{ ms: 1_000, maxRequests: 40, samples: true }];
    const frames = framesOf(aCell({ requests, containers: [aContainer('a', { requesters: 4 })], windows, warmup: 3 }));
    const window = first(of(frames, 'window'));
    const upcalls = kind === 'storm-one' ? 1 : 4;
    assert.equal([window.started, window.rounds?.count, window.ok], [40, 10, 40]);
    assert.equal([window.rounds?.hist.min, window.rounds?.hist.max], [upcalls * serviceNs, upcalls * serviceNs]);
    const starts = new Set(of(frames, 'samples').flatMap(({ rows }) => rows.map(([start]) => start)));
    assert.is(starts.size, 10);
    const counters = first(of(frames, 'counters'));
    assert.equal([counters.rounds, counters.hits, counters.upcalls_ok], [13, 0, 52]);
    assert.is(counters.delta.notified_fd_write, 13 * upcalls);
  });
}

test('hits are spread evenly, answered without an upcall, and kept apart', () => {
  const requests = { kind: 'fresh', hitPercent: 25 } as const;
  const frames = framesOf(aCell({ requests, warmup: 8, windows: [{ ms: 1_000, maxRequests: 100, samples: true }] }));
  const window = first(of(frames, 'window'));
  assert.is(first(of(frames, 'samples')).rows.filter(([, , , agent]) => agent === -1).length, 25, 'nobody is asked');
  assert.equal([window.ok, window.hits?.ok, window.hits?.hist.count, window.hist.count], [100, 25, 25, 75]);
  assert.ok((window.hits?.hist.max ?? 0) < (window.hist.min ?? 0));
  const counters = first(of(frames, 'counters'));
  assert.equal([counters.upcalls_ok, counters.hits, counters.delta.notified_fd_write], [108, 27, 81]);
});

test('of so many requests a percentage are hits, whatever it is', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.integer({ min: 1, max: 20 }), (percent, hundreds) => {
      const hits = Array.from({ length: 100 * hundreds }, (_, k) => isHit(k, percent)).filter(Boolean);
      assert.is(hits.length, percent * hundreds);
    }),
  );
});

test('a batch is not timed one by one, and costs less for it', () => {
  const window = { ms: 1_000, maxRequests: 1_000_000, samples: false };
  const frames = framesOf(aCell({ windows: [window, { ...window, timing: 'batch' }] }));
  const [timed, batch] = of(frames, 'window');
  assert.ok(timed && batch);
  assert.equal(batch.batch, { size: 1_000, clock_reads: 2 * Math.ceil(batch.started / 1_000) });
  assert.equal([batch.hist.count, timed.batch], [0, undefined]);
  assert.is(batch.ok, batch.started);
  assert.ok(batch.ok > timed.ok);
});

test('each window has its meter, before its window frames, and nothing crosses the border', () => {
  const windows = [open(50), open(100)];
  const frames = framesOf(aCell({ containers: [aContainer('a'), aContainer('b')], windows }));
  const order = frames.flatMap(({ t }) => (t === 'meter' || t === 'window' ? [t] : []));
  assert.equal(order, ['meter', 'window', 'window', 'meter', 'window', 'window']);
  for (const meter of of(frames, 'meter')) {
    assert.equal([meter.rx_packets, meter.tx_bytes, meter.console_bytes, meter.steal_ns], [0, 0, 0, 0]);
    assert.ok(meter.mono_after > meter.mono_before);
    assert.ok(meter.idle_ns > 0.9e9 && meter.idle_ns % 10_000_000 === 0);
  }
});

test('a queue of events gives them in order of time, and of coming', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = new EventQueue<number>();
      for (const [order, at] of times.entries()) queue.put(at, order);
      const taken = times.map(() => queue.take());
      const expected = [...times.entries()].sort(([i, a], [j, b]) => a - b || i - j);
      assert.equal(
        taken.map((each) => [each?.value, each?.at]),
        expected,
      );
      assert.is(queue.take(), undefined);
    }),
  );
});

test.run();
