// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type ssh2 from 'ssh2';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { MachineFailure } from '../failure.ts';
import type { MachineDescription } from '../machine.ts';
import { Sshd, say } from '../ssh/testing/sshd.ts';
import { parseFacts } from './facts.ts';
import { LabMachine } from './machine.ts';
import { factsText } from './testing/facts.ts';

const test = suite("somebody's machine, from start to end");

/** What is executed over there, by what it is for, in the order of the beginnings. */
const jobs = ['keeper', 'put', 'change', 'runner', 'after-loss', 'other'] as const;
type Job = (typeof jobs)[number];

function jobOf(command: string): Job {
  if (command.includes('keystorm.keeper true')) return 'after-loss';
  if (command.includes('echo keeping')) return 'keeper';
  if (command.includes('.incoming')) return 'put';
  if (command.includes('keystorm.unlock')) return 'change';
  return command.includes('ks-runner') ? 'runner' : 'other';
}

interface Behaviour {
  /** Instead of what a machine does that has nothing to complain of. */
  readonly instead?: Partial<Record<Job, (channel: ssh2.ServerChannel) => void>>;
}

function keeps(channel: ssh2.ServerChannel, words = 'keeping\n', end = { said: '', code: 0 }): void {
  channel.write(words);
  channel.on('end', () => say(channel, end.said, end.code));
  channel.resume();
}

const usual: Readonly<Record<Job, (channel: ssh2.ServerChannel) => void>> = {
  keeper: (channel) => keeps(channel),
  put: (channel) => channel.on('end', () => say(channel, '')).resume(),
  change: (channel) => channel.on('end', () => say(channel, '')).resume(),
  runner: (channel) => void channel.write('hello\n'),
  'after-loss': (channel) => say(channel, ''),
  other: (channel) => say(channel, ''),
};

async function withMachine(
  { instead = {} }: Behaviour,
  work: (parts: { machine: LabMachine; sshd: Sshd; done: Job[]; lines: string[] }) => Promise<void>,
): Promise<void> {
  const done: Job[] = [];
  const sshd = await Sshd.start({
    onCommand: (command, accept) => {
      const job = jobOf(command);
      done.push(job);
      (instead[job] ?? usual[job])(accept());
    },
  });
  const dir = temporaryFolder();
  const file = path.join(dir, 'ks-runner');
  writeFileSync(file, 'program');
  const lines: string[] = [];
  const machine = new LabMachine({
    target: sshd.target,
    facts: parseFacts(factsText()),
    description: {} as MachineDescription,
    luggage: new Map([['ks-runner', file]]),
    options: { dir: path.join(dir, 'boot'), smp: 1, memoryMiB: 512 },
    progress: (line) => lines.push(line),
  });
  try {
    await work({ machine, sshd, done, lines });
  } finally {
    await machine.stop();
    sshd.close();
  }
}

const failureOf = async (promise: Promise<unknown>): Promise<MachineFailure> => {
  const error = await promise.then(
    () => assert.unreachable(),
    (why: unknown) => why,
  );
  assert.instance(error, MachineFailure, String(error));
  return error as MachineFailure;
};

test('somebody is there to put things back before anything is changed, and does so at the end', () =>
  withMachine({}, async ({ machine, done, lines }) => {
    await machine.start();
    await machine.ready();
    assert.equal(done, ['keeper', 'put', 'put', 'change']);
    await machine.stop();
    assert.equal(await machine.wait(), { failure: null, consoleTail: [] });
    assert.equal([done.length, lines], [4, []]);
    assert.is(machine.abilities.disposable, false);
  }));

test('what could not be put back is a failure, and said aloud', () =>
  withMachine(
    {
      instead: {
        keeper: (channel) => keeps(channel, 'keeping\n', { said: 'the module keystorm is still loaded\n', code: 1 }),
        'after-loss': (channel) => say(channel, 'the module keystorm is still loaded\n', 1),
      },
    },
    async ({ machine, lines }) => {
      await machine.start();
      await machine.stop();
      const { failure } = await machine.wait();
      assert.is(failure?.kind, 'harness-fault');
      assert.match(
        failure?.message ?? '',
        /127\.0\.0\.1 is not as it was: the module keystorm is still loaded\. As root/,
      );
      assert.match(lines.join('\n'), /^WARNING: 127\.0\.0\.1 is not as it was/);
    },
  ));

test('a connection that breaks is a lost connection, and what was changed is asked after', () =>
  withMachine({}, async ({ machine, sshd, done, lines }) => {
    await machine.start();
    const channel = await machine.channel();
    const lost = new Promise<unknown>((resolve) => channel.on('error', resolve));
    channel.resume();
    sshd.drop();
    const failure = await lost;
    assert.instance(failure, MachineFailure);
    assert.is((failure as MachineFailure).kind, 'lost-connection');
    assert.is((await failureOf(machine.run('true'))).kind, 'lost-connection');
    await machine.stop();
    assert.is(done.at(-1), 'after-loss');
    assert.equal([(await machine.wait()).failure, lines], [null, []]);
  }));

test('where it can no longer be reached, that is said with how to put things back by hand', () =>
  withMachine({}, async ({ machine, sshd, lines }) => {
    await machine.start();
    sshd.close();
    await machine.stop();
    assert.match(lines.join('\n'), /nobody knows whether all was put back.*sh \/keystorm\/put-back tries once more/);
    assert.ok((await machine.wait()).failure);
  }));

test('a machine on which another harness is at work is left alone', () =>
  withMachine({ instead: { keeper: (channel) => say(channel, 'busy\n', 75) } }, async ({ machine, done }) => {
    const failure = await failureOf(machine.start());
    assert.match(failure.message, /could not be set up: another keystorm is at work there/);
    assert.equal(done, ['keeper']);
  }));

test('a change that fails is undone, and says why', () => {
  const refuse = (channel: ssh2.ServerChannel) => {
    channel.stderr.write('Read-only file system');
    channel.on('end', () => say(channel, '', 1)).resume();
  };
  return withMachine({ instead: { change: refuse } }, async ({ machine, done }) => {
    const failure = await failureOf(machine.start());
    assert.is(failure.kind, 'boot-failure');
    assert.match(failure.message, /the machine could not be set up \(Read-only file system\)/);
    assert.equal(done, ['keeper', 'put', 'put', 'change']);
  });
});

test.run();
