// SPDX-License-Identifier: MIT
import { Duplex } from 'node:stream';
import * as assert from 'uvu/assert';
import { encodeFrameLine } from '../../results/frames.ts';
import { MachineFailure } from '../../vm/failure.ts';
import type { Machine } from '../../vm/machine.ts';
import { suite } from '../testing/suite.ts';
import { hold } from './hold.ts';

const test = suite('containers that are held');

const bounds = { upMs: 5_000, letGoMs: 5_000 };

/** A machine whose runner answers a plan with these lines, and ends when its input does. */
function machineThatSays(lines: readonly string[], heard: string[] = []): { machine: Machine; channel: Duplex } {
  const channel: Duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      heard.push(chunk.toString('utf8'));
      for (const line of lines) channel.push(`${line}\n`);
      done();
    },
    final: (done) => {
      channel.push(null);
      done();
    },
  });
  return { machine: { channel: async () => channel } as unknown as Machine, channel };
}

const beat = (phase: string) => encodeFrameLine({ t: 'beat', n: 0, mono: 1, phase });
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.unreachable(),
    (why: unknown) => why as MachineFailure,
  );

test('they are up when the runner says that it holds, and gone when it is told to end', async () => {
  const heard: string[] = [];
  const { machine, channel } = machineThatSays([beat('container start'), 'stray', beat('hold')], heard);
  const held = await hold(machine, 'the plan', bounds);
  assert.equal(heard, ['the plan']);
  await held.letGo();
  assert.ok(channel.destroyed);
});

test('a runner that gives up says why', async () => {
  const error = encodeFrameLine({ t: 'error', n: 0, where: 'container', message: "container 'c0' ended by itself" });
  const why = await rejection(hold(machineThatSays([error]).machine, 'the plan', bounds));
  assert.instance(why, MachineFailure);
  assert.match(why?.message ?? '', /gave up in container: container 'c0' ended by itself/);
});

test('what is lost later is told, too', async () => {
  const { machine, channel } = machineThatSays([beat('hold')]);
  const held = await hold(machine, 'the plan', bounds);
  const lost = rejection(held.lost);
  channel.destroy(new MachineFailure('lost-connection', 'gone'));
  assert.is((await lost)?.kind, 'lost-connection');
});

test('what does not come up in time is given up', async () => {
  const why = await rejection(hold(machineThatSays([]).machine, 'the plan', { ...bounds, upMs: 20 }));
  assert.is(why?.kind, 'timeout');
});

test.run();
