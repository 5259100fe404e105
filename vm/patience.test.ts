// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import type { Clock } from './clock.ts';
import { VirtualClock } from './fake/virtual-clock.ts';
import { describeSilence, Patience, type Silence } from './patience.ts';

const test = suite('patience with a guest');

const hostMs = 900_000;

interface Over extends Silence {
  readonly at: number;
}

/** Resolves when a wait of `boundMs` is over. */
function waitFor(clock: Clock, boundMs: number, awake?: () => number): Promise<Over> {
  return new Promise((resolve) => {
    const patience = new Patience(clock, awake, hostMs);
    patience.expect('sign', boundMs, (silence) => {
      patience.stop();
      resolve({ ...silence, at: clock.now() });
    });
  });
}

test('where nothing is known of the guest, the host’s time counts, to the millisecond', async () => {
  const clock = new VirtualClock();
  assert.equal(await waitFor(clock, 9_500), { ms: 9_500, asleepMs: 0, at: 9_500 });
});

test('a minute in which the guest is paused does not count, and a hang after it is found within the bound', async () => {
  const clock = new VirtualClock();
  let [pausedAt, paused] = [Number.NaN, 0];
  clock.after(3_000, () => {
    pausedAt = clock.now();
  });
  clock.after(63_000, () => {
    paused += clock.now() - pausedAt;
    pausedAt = Number.NaN;
  });
  const awake = () => (Number.isNaN(pausedAt) ? clock.now() : pausedAt) - paused;
  assert.equal(await waitFor(clock, 9_500, awake), { ms: 69_500, asleepMs: 60_000, at: 69_500 });
});

test('a guest that has a processor for a quarter of the time has four times as long', async () => {
  const clock = new VirtualClock();
  const { at, ms, asleepMs } = await waitFor(clock, 9_500, () => clock.now() / 4);
  assert.ok(at >= 38_000 && at < 38_010, `${at}`);
  assert.ok(ms - asleepMs >= 9_499 && ms - asleepMs < 9_501);
});

test('one that never runs is given up after the bound of the host', async () => {
  const clock = new VirtualClock();
  assert.equal(await waitFor(clock, 9_500, () => 0), { ms: hostMs, asleepMs: hostMs, at: hostMs });
});

/** A clock whose timers fire `lateMs` too late from `from` to `until`, as all of a harness's do that was stopped meanwhile. */
function stoppedClock(inner: VirtualClock, from: number, until: number): Clock {
  return {
    now: () => inner.now(),
    date: () => inner.date(),
    after: (ms, action) => {
      const due = inner.now() + ms;
      return inner.after(due > from && due < until ? until - inner.now() : ms, action);
    },
  };
}

test('the time in which the harness itself was stopped does not count', async () => {
  const clock = stoppedClock(new VirtualClock(), 5_000, 65_000);
  const { at, asleepMs } = await waitFor(clock, 9_500);
  // It was stopped between two looks, of which the second came late.
  assert.equal([at, asleepMs], [68_500, 59_000]);
});

test('a sign that has arrived and was not yet read when time is up still counts', async () => {
  const clock = new VirtualClock();
  const patience = new Patience(clock, undefined, hostMs);
  const over: number[] = [];
  const expect = () => patience.expect('sign', 1_000, () => over.push(clock.now()));
  // Armed before the wait, for the same moment: it is read in the turn in which the bound is exceeded.
  clock.after(0, () => clock.after(1_000, () => setImmediate(expect)));
  clock.after(0, expect);
  await new Promise<void>((resolve) => clock.after(2_500, resolve));
  assert.equal(over, [2_000]);
});

test('several signs are waited for, each for its own time, and heard again and again', async () => {
  const clock = new VirtualClock();
  const patience = new Patience(clock, undefined, hostMs);
  const over: string[] = [];
  const beat = () => {
    patience.expect('beat', 3_000, () => over.push(`beat ${clock.now()}`));
    if (clock.now() < 20_000) clock.after(1_000, beat);
  };
  beat();
  patience.expect('progress', 10_000, () => over.push(`progress ${clock.now()}`));
  await new Promise<void>((resolve) => clock.after(60_000, resolve));
  assert.equal(over, ['progress 10000', 'beat 23000']);
  patience.stop();
});

test('nobody waits after a stop', async () => {
  const clock = new VirtualClock();
  const patience = new Patience(clock, undefined, hostMs);
  patience.expect('sign', 10, () => assert.unreachable());
  patience.stop();
  assert.is(clock.pending, 0);
});

test('a silence is told with what of it does not count, where there is any', () => {
  assert.is(describeSilence({ ms: 9_500, asleepMs: 20 }), 'for 9.5 s');
  assert.is(
    describeSilence({ ms: 24_512, asleepMs: 15_012 }),
    'for 24.5 s, 15 s of which it could not run or not be heard,',
  );
});

test.run();
