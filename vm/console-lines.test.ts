// SPDX-License-Identifier: MIT
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { ConsoleLines } from './console-lines.ts';

const test = suite('console as lines');

test('puts lines together from whatever pieces arrive', async () => {
  const stream = new PassThrough();
  const console = new ConsoleLines(stream);
  const heard: string[] = [];
  const silence = console.onLine((line) => heard.push(line));
  stream.write('keystorm: re');
  stream.write('ady\r\n\r\nnext');
  await setImmediate();
  assert.equal(heard, ['keystorm: ready']);
  assert.equal(console.tail, ['keystorm: ready', 'next'], 'an unfinished line is shown too');
  silence();
  stream.end(' line');
  await setImmediate();
  assert.equal(heard, ['keystorm: ready']);
  assert.equal(console.tail, ['keystorm: ready', 'next line']);
});

test('keeps the last lines, remembers the gravest, and bounds a line without an end', async () => {
  const stream = new PassThrough();
  const console = new ConsoleLines(stream);
  stream.write('[    3.1] Kernel panic - not syncing: sysrq triggered crash\n');
  for (let i = 0; i < 200; i++) stream.write(`trace ${i}\n`);
  stream.write('x'.repeat(100_000));
  await setImmediate();
  assert.is(console.sighting?.kind, 'guest-panic');
  assert.is(console.tail.length, 101);
  assert.is(console.tail[99], 'trace 199');
  assert.ok((console.tail[100] ?? '').length <= 4096);
});

test('the name of a fault is told from the lines that follow, however much is printed then', async () => {
  const stream = new PassThrough();
  const console = new ConsoleLines(stream);
  stream.write('[    4.729599] BUG: kernel NULL pointer dereference, address: 0000000000000008\n');
  await setImmediate();
  assert.is(console.sighting?.fault?.title, 'BUG: kernel NULL pointer dereference');
  stream.write('[    4.733636] RIP: 0010:ks_answer+0x12/0x40 [keystorm]\n[    4.740000]  </TASK>\n');
  for (let i = 0; i < 200; i++) stream.write(`trace ${i}\n`);
  await setImmediate();
  assert.is(console.sighting?.fault?.title, 'BUG: kernel NULL pointer dereference in ks_answer');
  assert.match(console.sighting?.fault?.fingerprint ?? '', /^[0-9a-f]{12}$/);
});

test.run();
