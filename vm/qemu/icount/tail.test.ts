// SPDX-License-Identifier: MIT
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { FileTail } from './tail.ts';

const test = suite('a file that grows, as a stream', { timeoutMs: 10_000 });
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-tail-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;
const newFile = (content: string): string => {
  const file = path.join(dir, String(count++));
  writeFileSync(file, content);
  return file;
};

/** The next piece that comes. */
const piece = (tail: FileTail) =>
  new Promise<string>((resolve) => tail.once('data', (chunk: Buffer) => resolve(String(chunk))));

test('what is there comes, then what is appended, and it ends when it is told that nothing more is', async () => {
  const file = newFile('one ');
  const tail = new FileTail(file);
  assert.is(await piece(tail), 'one ');
  const next = piece(tail);
  appendFileSync(file, 'two');
  assert.is(await next, 'two');
  appendFileSync(file, ' three');
  const rest: string[] = [];
  tail.on('data', (chunk: Buffer) => rest.push(String(chunk)));
  tail.finish();
  await new Promise((resolve) => tail.once('end', resolve));
  assert.is(rest.join(''), ' three');
  assert.is(tail.offset, 13);
});

test('it can begin behind what was read before', async () => {
  const tail = new FileTail(newFile('old new'), 4);
  assert.is(await piece(tail), 'new');
  tail.destroy();
});

test('all of a file that is larger than one look comes in order', async () => {
  const content = Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join('');
  const tail = new FileTail(newFile(content));
  tail.finish();
  const got: Buffer[] = [];
  for await (const chunk of tail) got.push(chunk as Buffer);
  assert.is(Buffer.concat(got).toString(), content);
});

test('a file that is not there is said at once', () => {
  assert.throws(() => new FileTail(path.join(dir, 'nowhere')), /ENOENT/);
});

test.run();
