// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { VirtualClock } from '../fake/virtual-clock.ts';
import { watchForDeath } from './death-watch.ts';
import { oomKillLine, oopsLine, panicLine, typedConsole } from './testing/typed-console.ts';

const test = suite('watch for the death of a guest');

const boundMs = 500;

function watched() {
  const clock = new VirtualClock();
  const { console, say } = typedConsole();
  const kills: number[] = [];
  const end = watchForDeath(console, boundMs, clock, () => void kills.push(clock.now()));
  /** Lets that much time pass, and returns when the guest was killed so far. */
  const after = (ms: number) =>
    new Promise<readonly number[]>((resolve) => {
      clock.after(ms, () => resolve([...kills]));
    });
  return { say, end, after };
}

test('a guest that says that it is dead is killed after its last words, once, however many there are', async () => {
  const { say, after } = watched();
  say('[    1.0] all is well');
  assert.equal(await after(100), []);
  say(panicLine, '[    3.1] Call Trace:');
  assert.equal(await after(boundMs - 1), []);
  say('[    3.2] ---[ end Kernel panic ]---', panicLine);
  assert.equal(await after(10_000), [100 + boundMs]);
});

test('one whose kernel is broken, or that has lost a process, may live', async () => {
  const { say, after } = watched();
  say(oopsLine, oomKillLine);
  assert.equal(await after(10_000), []);
});

test('one that has ended by itself is not killed any more, and what comes later is nobody’s', async () => {
  const { say, end, after } = watched();
  say(panicLine);
  assert.equal(await after(boundMs - 1), []);
  end();
  say(panicLine);
  assert.equal(await after(10_000), []);
});

test.run();
