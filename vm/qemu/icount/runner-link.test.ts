// SPDX-License-Identifier: MIT
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { ConsoleLines } from '../../console-lines.ts';
import { runnerLink } from './runner-link.ts';
import { Standstill } from './standstill.ts';
import { FileTail } from './tail.ts';

const test = suite('a runner behind a serial port', { timeoutMs: 10_000 });
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-link-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;

function link() {
  const file = path.join(dir, String(count++));
  writeFileSync(file, '');
  const console = new PassThrough();
  const handed: string[] = [];
  let die: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    die = resolve;
  });
  const command = runnerLink({
    console: new ConsoleLines(console),
    output: new FileTail(file),
    hand: async (text) => {
      handed.push(String(text));
    },
    gone,
  });
  const heard: string[] = [];
  command.stdout.on('data', (chunk: Buffer) => heard.push(String(chunk)));
  return { command, console, handed, heard, die, write: (text: string) => appendFileSync(file, text) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is written in one turn is handed over as one text; what comes later is an error', async () => {
  const { command, handed, die } = link();
  command.stdin.write('keystorm-plan 4\n');
  command.stdin.write('run\n');
  assert.equal(handed, []);
  await turn();
  assert.equal(handed, ['keystorm-plan 4\nrun\n']);
  const failed = new Promise<Error>((resolve) => command.stdin.once('error', resolve));
  command.stdin.write('more');
  assert.match((await failed).message, /told everything at once/);
  die();
});

for (const [line, end] of [
  ['keystorm: runner ended with status 3', { code: 3, signal: undefined }],
  ['keystorm: runner ended by signal 9', { code: undefined, signal: 'SIGKILL' }],
] as const) {
  test(`"${line}" is its end, once all that it wrote was read`, async () => {
    const { command, console, heard, write } = link();
    write('KSF first\n');
    write('KSF last\n');
    console.write(`${line}\n`);
    assert.equal(await command.ended, end);
    assert.is(heard.join(''), 'KSF first\nKSF last\n');
  });
}

test('a guest that is gone has lost its runner, whatever it wrote', async () => {
  const { command, heard, die, write } = link();
  write('KSF half');
  die();
  assert.equal(await command.ended, { code: undefined, signal: undefined });
  assert.is(heard.join(''), 'KSF half');
});

test('who waits for a standstill is told when it comes, and at once while it lasts', async () => {
  const still = new Standstill();
  let told = 0;
  const waiting = still.reached().then(() => told++);
  still.heed({ event: 'RESUME', data: {} });
  await turn();
  assert.is(told, 0);
  still.heed({ event: 'STOP', data: {} });
  await waiting;
  await still.reached();
  still.heed({ event: 'RESUME', data: {} });
  void still.reached().then(() => told++);
  await turn();
  assert.is(told, 1);
});

test.run();
