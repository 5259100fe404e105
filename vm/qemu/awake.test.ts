// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Awake, isStopped, runDelayMs } from './awake.ts';

const test = suite('the time in which a guest could run');

/** A host whose /proc says what `state` holds: delays in ms by thread, and the process's state. */
function host(threads: Record<number, number>) {
  const state = { now: 0, letter: 'S', threads };
  const read = (file: string): string | undefined => {
    if (file === '/proc/7/stat') return `7 (CPU) 0/(TCG)) ${state.letter} 1 7 7 0 -1`;
    const [, thread] = /^\/proc\/7\/task\/(\d+)\/schedstat$/.exec(file) ?? [];
    const delay = state.threads[Number(thread)];
    return delay === undefined ? undefined : `123456 ${delay * 1e6} 42\n`;
  };
  const awake = new Awake({ pid: 7, threads: Object.keys(threads).map(Number), now: () => state.now, read });
  /** After `ms` more, in which the thread of that number waited for so long; what counts of them. */
  let before = 0;
  const after = (ms: number, waits: Record<number, number> = {}) => {
    state.now += ms;
    for (const [thread, wait] of Object.entries(waits))
      state.threads[Number(thread)] = (state.threads[Number(thread)] ?? 0) + wait;
    const counted = awake.look() - before;
    before += counted;
    return counted;
  };
  return { state, awake, after };
}

test('a guest that has the host for itself is awake all the time', () => {
  const { after } = host({ 11: 500 });
  assert.is(after(1_000), 1_000);
});

test('what a virtual processor waited for one of the host’s does not count; of several the longest wait', () => {
  const { after } = host({ 11: 500, 12: 0 });
  assert.is(after(1_000, { 11: 300 }), 700);
  assert.is(after(1_000, { 11: 300, 12: 400 }), 600);
  assert.is(after(10, { 11: 25 }), 0, 'a wait that is booked late takes nothing back');
});

test('a pause does not count, and what is waited in it is not subtracted again', () => {
  const { awake, after } = host({ 11: 0 });
  assert.is(after(100), 100);
  awake.pause();
  assert.is(after(60_000, { 11: 5 }), 0);
  awake.resume();
  assert.is(after(100), 100);
});

test('QEMU stopped by a signal does not run, as far as that is seen', () => {
  const { state, after } = host({ 11: 0 });
  state.letter = 'T';
  assert.is(after(1_000), 0);
  state.letter = 'S';
  assert.is(after(1_000), 0, 'it was stopped until some moment of this second');
  assert.is(after(1_000), 1_000);
});

test('where the kernel counts nothing, or the process is gone, nothing is subtracted', () => {
  const awake = new Awake({ pid: 7, threads: [11], now: () => 5, read: () => undefined });
  assert.is(awake.look(), 0);
  assert.is(runDelayMs(''), 0);
  assert.is(runDelayMs('0 0 0\n'), 0);
  assert.is(runDelayMs('1 2500000 3\n'), 2.5);
});

test('the state stands behind a name that may be anything', () => {
  assert.ok(isStopped('7 (a) T (b) T 1'));
  assert.ok(isStopped('7 (x) t 1'));
  assert.not(isStopped('7 (T) S 1'));
  assert.not(isStopped('7 (a) T (b) R 1'));
  assert.not(isStopped(''));
});

test('of this very process', () => {
  const awake = new Awake({ pid: process.pid, threads: [process.pid], now: () => performance.now() });
  const began = performance.now();
  while (performance.now() - began < 5);
  const ran = awake.look();
  assert.ok(ran > 0 && ran < 5_000, `${ran} ms`);
});

test.run();
