// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { MachineFailure } from '../../vm/failure.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { suite } from '../testing/suite.ts';
import { VitalSigns } from './vital-signs.ts';

const test = suite('signs of life');
const bounds = { heartbeatMs: 10, progressMs: 100, giveUpMs: 1_000, checkMs: 0, stopMs: 0 };

/** Signs in virtual time; `failed` resolves with the failure and when it came. */
function watch(awake?: (clock: VirtualClock) => () => number) {
  const clock = new VirtualClock();
  const listeners: ((line: string) => void)[] = [];
  const console = {
    logFile: '',
    onLine: (listener: (line: string) => void) => {
      listeners.push(listener);
      return () => {};
    },
  };
  const abilities = { console, ...(awake === undefined ? {} : { awake: awake(clock) }) };
  let signs: VitalSigns | undefined;
  const failed = new Promise<{ failure: MachineFailure; at: number }>((resolve) => {
    signs = new VitalSigns(clock, bounds, abilities, (failure) => resolve({ failure, at: clock.now() }));
  });
  return { clock, signs: signs as VitalSigns, say: (line: string) => listeners[0]?.(line), failed };
}

test('without a heartbeat the guest hangs, exactly at the bound', async () => {
  const { failed } = watch();
  const { failure, at } = await failed;
  assert.equal([failure.kind, at], ['hang', 10]);
});

test('with heartbeats but without progress it times out, and the bound grows by what the step may take', async () => {
  const { clock, signs, failed } = watch();
  signs.progress('working', 50);
  const beat = () => {
    signs.heartbeat();
    if (clock.now() < 200) clock.after(5, beat);
  };
  beat();
  const { failure, at } = await failed;
  assert.equal([failure.kind, at], ['timeout', 150]);
  assert.match(failure.message, /made no progress for 0.1 s while working, though its heart beats; its console/);
});

test('the console tells when it last spoke, in the message and in the tail, stripped in the former', async () => {
  const { clock, say, failed } = watch();
  clock.after(4, () => say('\u001b[1mlast words'));
  const { failure } = await failed;
  assert.match(failure.message, /its console last spoke 0 s ago: "last words"/);
  assert.equal(failure.consoleTail, ['\u001b[1mlast words']);
});

test('a guest that could not run is silent for as long, and its failure says so', async () => {
  // It cannot run from 5 to 805 ms.
  const { failed } = watch((clock) => () => Math.min(clock.now(), Math.max(5, clock.now() - 800)));
  const { failure, at } = await failed;
  assert.equal([failure.kind, at], ['hang', 810]);
  assert.match(
    failure.message,
    /fell silent for 0.8 s, 0.8 s of which it could not run or not be heard, while reading its plan;/,
  );
});

test('one that hardly ever could is given up all the same, and may be well', async () => {
  const { failure, at } = await watch(() => () => 0).failed;
  assert.equal([failure.kind, at], ['timeout', 1_000]);
});

test('once stopped, nothing fails any more', async () => {
  const { clock, signs, failed } = watch();
  signs.stop();
  const winner = await Promise.race([failed, new Promise((resolve) => clock.after(1_000, () => resolve('time')))]);
  assert.is(winner, 'time');
});

test.run();
