// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { makeFolder } from './folder.ts';

const test = suite('making folders');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-folder-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

async function codeOf(dir: string): Promise<string | undefined> {
  return await makeFolder(dir).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
}

test('makes what is missing, and minds neither what is there nor somebody doing the same', async () => {
  const dir = path.join(root, 'a', 'b', 'c');
  await Promise.all([makeFolder(dir), makeFolder(dir), makeFolder(path.join(root, 'a', 'd'))]);
  assert.ok(existsSync(dir));
  assert.is(await codeOf(dir), undefined);
});

test('a file in the way is named', async () => {
  writeFileSync(path.join(root, 'file'), '');
  assert.is(await codeOf(path.join(root, 'file', 'x')), 'ENOTDIR');
});

test('returns where none can be made', async () => {
  assert.is(await codeOf('/proc/keystorm/x'), 'ENOENT');
});

test.run();
