// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { pauseOf } from './pause.ts';

const test = suite('pauses of a guest in QEMU');

function paused(refusal?: string) {
  const done: string[] = [];
  const pause = pauseOf({
    control: async (command) => {
      if (refusal !== undefined) throw new Error(refusal);
      done.push(command);
    },
    awake: () => ({ pause: () => void done.push('does not count'), resume: () => void done.push('counts') }),
  });
  return { pause, done };
}

test('its time counts until it stands, and again once it goes on', async () => {
  const { pause, done } = paused();
  await pause.pause();
  await pause.resume();
  assert.equal(done, ['stop', 'does not count', 'cont', 'counts']);
});

test('a guest that goes on though it should not is a failure of the harness, and its time goes on counting', async () => {
  const { pause, done } = paused('QEMU closed its monitor');
  for (const [what, act] of [
    ['paused', pause.pause],
    ['resumed', pause.resume],
  ] as const) {
    const error = await act().catch((thrown: unknown) => thrown);
    assert.instance(error, MachineFailure);
    const { kind, message } = error as MachineFailure;
    assert.equal([kind, message], ['harness-fault', `The guest could not be ${what}: QEMU closed its monitor.`]);
  }
  assert.equal(done, []);
});

test('nobody needs to count', async () => {
  const pause = pauseOf({ control: async () => undefined, awake: () => undefined });
  await pause.pause();
  await pause.resume();
});

test.run();
