// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { makeRunFolder, runFoldersIn, runIdOf } from './run-folder.ts';

const test = suite('run folders');
const created = new Date('2026-01-02T03:04:05.678Z');
let runs = '';

test.beforeEach(() => {
  runs = mkdtempSync(path.join(tmpdir(), 'keystorm-folders-'));
});
test.afterEach(() => rmSync(runs, { recursive: true }));

test('a run is called after its time and its seed, and after its number when that is taken', () => {
  const names = [1, 2, 3].map(() => path.basename(makeRunFolder(runs, created, 7)));
  assert.equal(names, ['2026-01-02T03-04-05Z-7', '2026-01-02T03-04-05Z-7-2', '2026-01-02T03-04-05Z-7-3']);
});

test('the folder of runs is made if need be', () => {
  assert.ok(makeRunFolder(path.join(runs, 'a/b'), created, 7).startsWith(path.join(runs, 'a/b')));
});

test('a place where nothing can be made is one clear sentence', () => {
  const file = path.join(runs, 'file');
  writeFileSync(file, '');
  assert.throws(() => makeRunFolder(path.join(file, 'runs'), created, 7), /Cannot make a folder for the run.*--out/);
});

test('runs are the folders with a manifest, oldest first; a missing folder has none', () => {
  for (const name of ['b', 'a', 'no-run']) mkdirSync(path.join(runs, name));
  for (const name of ['b', 'a']) writeFileSync(path.join(runs, name, 'manifest.json'), '');
  assert.equal(runFoldersIn(runs), [path.join(runs, 'a'), path.join(runs, 'b')]);
  assert.equal(runFoldersIn(path.join(runs, 'nowhere')), []);
});

test('any folder gives a valid run id', () => {
  for (const name of ['x', 'ä b', '.hidden', '-dash', '2026-01-02T03-04-05Z-7']) {
    assert.match(runIdOf(path.join('/tmp', name)), /^[A-Za-z0-9][A-Za-z0-9._-]*$/);
  }
});

test.run();
