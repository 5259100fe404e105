// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { SshError, SshLink } from './link.ts';
import { terminalOver } from './terminal.ts';
import { Sshd, type SshdOptions, say } from './testing/sshd.ts';

const test = suite('the connection to a machine');

async function connected(options: SshdOptions, work: (link: SshLink, sshd: Sshd) => Promise<void>): Promise<void> {
  const sshd = await Sshd.start(options);
  const link = await SshLink.connect(sshd.target, () => undefined);
  try {
    await work(link, sshd);
  } finally {
    link.close();
    sshd.close();
  }
}

/** An sshd that refuses the first commands of a connection and says `done` to all others. */
function withRefusals(refusals: number, work: (link: SshLink, asked: () => number) => Promise<void>): Promise<void> {
  let asked = 0;
  const onCommand: SshdOptions['onCommand'] = (_command, accept, refuse) => {
    if (++asked <= refusals) refuse();
    else say(accept(), 'done');
  };
  return connected({ onCommand }, (link) => work(link, () => asked));
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.unreachable(),
    (why: unknown) => why,
  );

test('a command that is refused is asked for again, and runs once', () =>
  withRefusals(2, async (link, asked) => {
    assert.equal(await link.run('true', 10_000), { code: 0, stdout: 'done', stderr: '' });
    assert.is(asked(), 3);
  }));

test('one that is refused for good is told', () =>
  withRefusals(1_000, async (link, asked) => {
    assert.instance(await rejection(link.run('true', 10_000)), SshError);
    assert.is(asked(), 4);
  }));

test('a machine to which there is no way but a program is reached through it', async () => {
  const sshd = await Sshd.start({ onCommand: (_command, accept) => say(accept(), 'done') });
  const relay = fileURLToPath(new URL('../vagrant/relay.mjs', import.meta.url));
  const child = spawn(process.execPath, [relay, '127.0.0.1', String(sshd.port)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const through = Duplex.from({ writable: child.stdin, readable: child.stdout });
  const link = await SshLink.connect({ ...sshd.target, through }, () => undefined);
  try {
    assert.is((await link.run('true', 10_000)).stdout, 'done');
  } finally {
    link.close();
    sshd.close();
  }
});

test('bytes come as they are, and a command that fails has none', () => {
  const bytes = Buffer.from([0, 255, 128, 10]);
  const onCommand: SshdOptions['onCommand'] = (command, accept) => {
    const channel = accept();
    channel.write(bytes);
    channel.exit(command === 'good' ? 0 : 3);
    channel.end();
  };
  return connected({ onCommand }, async (link) => {
    assert.ok((await link.bytes('good', 10_000)).equals(bytes));
    assert.match(((await rejection(link.bytes('bad', 10_000))) as Error).message, /its status was 3/);
  });
});

test('a connection that breaks ends its commands as lost, not as done', () => {
  let started: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const onCommand: SshdOptions['onCommand'] = (_command, accept) => {
    accept();
    started();
  };
  return connected({ onCommand }, async (link, sshd) => {
    const result = rejection(link.run('sleep', 10_000));
    await running;
    sshd.drop();
    assert.match(((await result) as Error).message, 'the connection was lost');
  });
});

test('a program on a terminal is typed to, learns its size, and its status is told', () => {
  const onCommand: SshdOptions['onCommand'] = (command, accept) => {
    const channel = accept();
    channel.on('data', (typed: Buffer) => {
      channel.write(`${command} heard ${typed.toString('utf8')}`);
      channel.exit(7);
      channel.end();
    });
  };
  return connected({ onCommand }, async (link) => {
    const failure = async (symptom: string) => new MachineFailure('lost-connection', symptom);
    const terminal = terminalOver(
      () => link,
      failure,
      (command) => `sudo ${command}`,
    );
    const session = await terminal.open('program', { columns: 80, rows: 24 }, 'xterm');
    let shown = '';
    session.stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString('utf8');
    });
    session.resize({ columns: 100, rows: 30 });
    session.stream.write('x');
    assert.is(await session.ended, 7);
    await setImmediate();
    assert.is(shown, 'sudo program heard x');
  });
});

test('a terminal that is lost is a failure, not a status', () => {
  const onCommand: SshdOptions['onCommand'] = (_command, accept) => void accept();
  return connected({ onCommand }, async (link, sshd) => {
    const failure = async (symptom: string) => new MachineFailure('lost-connection', symptom);
    const session = await terminalOver(() => link, failure).open('program', { columns: 80, rows: 24 }, 'xterm');
    session.stream.resume();
    sshd.drop();
    assert.is(((await rejection(session.ended)) as MachineFailure).kind, 'lost-connection');
  });
});

test.run();
