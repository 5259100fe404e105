// SPDX-License-Identifier: MIT

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { putFile, type RunThere } from './files.ts';

const test = suite('files onto a machine');
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-files-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

/** A shell of this host in the place of one over there. */
const here: RunThere = async (command, input) => {
  const child = spawn('/bin/sh', ['-c', command]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code: code as number, stdout: '', stderr };
};

test('a file arrives as it is, with its mode, in a folder that was not there', async () => {
  const file = path.join(dir, "a 'folder'", 'program');
  const bytes = Buffer.from([0, 255, 10, 39, 0]);
  await putFile(here, { path: file, mode: 0o750, bytes });
  assert.ok(readFileSync(file).equals(bytes));
  assert.is(statSync(file).mode & 0o777, 0o750);
});

test('one that cannot be written is told, and leaves nothing', async () => {
  const taken = path.join(dir, 'taken');
  await putFile(here, { path: path.join(taken, 'inside'), mode: 0o644, bytes: Buffer.alloc(1) });
  const error = await putFile(here, {
    path: path.join(taken, 'inside', 'x'),
    mode: 0o644,
    bytes: Buffer.alloc(1),
  }).catch((why: unknown) => why);
  assert.instance(error, Error);
  assert.match((error as Error).message, /inside\/x cannot be written there/);
  assert.not.ok(existsSync(path.join(taken, 'inside', 'x')));
});

test.run();
