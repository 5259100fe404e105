// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import type { CommandEnd } from './link.ts';
import { runnerChannel } from './runner-channel.ts';

const test = suite('channel to the runner');
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-channel-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

function runner() {
  const [output, input, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let end: (how: CommandEnd) => void = () => undefined;
  const ended = new Promise<CommandEnd>((resolve) => {
    end = resolve;
  });
  return { output, input, stderr, end, command: { stdin: input, stdout: output, stderr, ended } };
}

const lost = async () => new MachineFailure('guest-panic', 'The guest died.');
const killed = (symptom: string) => new MachineFailure('out-of-memory', symptom);

async function failureOf(how: CommandEnd, said = ''): Promise<MachineFailure | undefined> {
  const { command, stderr, end } = runner();
  const channel = runnerChannel(command, path.join(dir, 'log'), lost, killed);
  channel.resume();
  stderr.write(said);
  await new Promise((resolve) => setImmediate(resolve));
  end(how);
  try {
    await finished(channel, { writable: false });
    return undefined;
  } catch (error) {
    return error as MachineFailure;
  }
}

test('carries bytes both ways and ends with the runner', async () => {
  const { command, output, input, stderr, end } = runner();
  const log = path.join(dir, 'runner-stderr.log');
  const channel = runnerChannel(command, log, lost, killed);
  const got: string[] = [];
  channel.on('data', (chunk: Buffer) => got.push(chunk.toString()));
  channel.end('keystorm-plan 2\nrun\n');
  output.write('KSF 1\n');
  stderr.write('a remark\n');
  for await (const chunk of input) {
    assert.is(chunk.toString(), 'keystorm-plan 2\nrun\n');
  }
  output.write('KSF 2\n');
  await new Promise((resolve) => setImmediate(resolve));
  end({ code: 0, signal: undefined });
  await finished(channel);
  assert.is(got.join(''), 'KSF 1\nKSF 2\n');
  assert.is(readFileSync(log, 'utf8'), 'a remark\n');
});

test('a runner that refuses the plan just ends: its frames say why', async () => {
  assert.is(await failureOf({ code: 2, signal: undefined }), undefined);
});

test('an end without a status is a lost connection, named for what is behind it', async () => {
  assert.is((await failureOf({ code: undefined, signal: undefined }))?.kind, 'guest-panic');
});

test('a runner killed by a signal is named for what is behind it, a missing one is a failure of the harness', async () => {
  const failure = await failureOf({ code: undefined, signal: 'KILL' });
  assert.is(failure?.kind, 'out-of-memory');
  assert.is(failure?.message, 'The runner in the guest was killed by SIGKILL.');
  const missing = await failureOf({ code: 127, signal: undefined }, 'bash: /keystorm/ks-runner: No such file');
  assert.is(missing?.kind, 'harness-fault');
  assert.match(missing?.message ?? '', 'No such file');
});

test.run();
