// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { sweep, withTemporaryFolder } from './temporary.ts';

const test = suite('temporary folders');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-temporary-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('a folder is gone after its use, also when that failed', async () => {
  const used: string[] = [];
  const failing = withTemporaryFolder('test', async (dir) => {
    used.push(dir);
    writeFileSync(path.join(dir, 'x'), '');
    throw new Error('no');
  });
  assert.is(await failing.catch((error: Error) => error.message), 'no');
  assert.not.ok(existsSync(used[0] ?? ''));
});

test('old folders of ours go; recent ones, files and what others made stay', async () => {
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  for (const name of ['keystorm-old', 'keystorm-recent', 'other']) mkdirSync(path.join(root, name));
  writeFileSync(path.join(root, 'keystorm-file'), '');
  for (const name of ['keystorm-old', 'keystorm-file', 'other']) utimesSync(path.join(root, name), dayAgo, dayAgo);
  await sweep(root, Date.now());
  assert.equal(readdirSync(root).sort(), ['keystorm-file', 'keystorm-recent', 'other']);
});

test.run();
