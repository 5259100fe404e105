// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { MachineFailure } from '../../vm/failure.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { suite } from '../testing/suite.ts';
import { VitalSigns } from './vital-signs.ts';

const test = suite('signs of life');
const bounds = { heartbeatMs: 10, progressMs: 100, checkMs: 0, stopMs: 0 };

/** Signs in virtual time; `failed` resolves with the failure and when it came. */
function watch() {
  const clock = new VirtualClock();
  const listeners: ((line: string) => void)[] = [];
  const console = {
    logFile: '',
    onLine: (listener: (line: string) => void) => {
      listeners.push(listener);
      return () => {};
    },
  };
  let signs: VitalSigns | undefined;
  const failed = new Promise<{ failure: MachineFailure; at: number }>((resolve) => {
    signs = new VitalSigns(clock, bounds, console, (failure) => resolve({ failure, at: clock.now() }));
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
  assert.match(failure.message, /made no progress for more than 0.15 s while working, though its heart beats/);
});

test('the console tells when it last spoke, in the message and in the tail, stripped in the former', async () => {
  const { clock, say, failed } = watch();
  clock.after(4, () => say('\u001b[1mlast words'));
  const { failure } = await failed;
  assert.match(failure.message, /its console last spoke 0 s ago: "last words"/);
  assert.equal(failure.consoleTail, ['\u001b[1mlast words']);
});

test('once stopped, nothing fails any more', async () => {
  const { clock, signs, failed } = watch();
  signs.stop();
  const winner = await Promise.race([failed, new Promise((resolve) => clock.after(1_000, () => resolve('time')))]);
  assert.is(winner, 'time');
});

test.run();
