// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache } from '../../cache.ts';
import { layoutPadding, layoutWord } from './layout.ts';
import { type SnapshotParts, Snapshots } from './snapshot.ts';

const test = suite('guests that are kept as they wait for their plan');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-snapshots-'));
const consoleLog = path.join(root, 'console.log');
writeFileSync(consoleLog, 'keystorm: ready\n');
test.after(() => rmSync(root, { recursive: true, force: true }));

const said: string[] = [];
const parts: SnapshotParts = {
  cache: new Cache(path.join(root, 'cache')),
  guest: { kernelHash: 'k', imageHash: 'i' },
  version: 'QEMU 1',
  args: ['-seed', '1'],
  behindImage: Buffer.from('x'),
  progress: (line) => said.push(line),
};
const save = (file: string) => writeFile(file, 'all of it');

test('one that was kept is found again, with what its console had said, by who has the very same guest alone', async () => {
  const mine = new Snapshots(parts);
  assert.is(mine.find(), undefined);
  await mine.keep(save, consoleLog);
  const found = new Snapshots(parts).find();
  assert.ok(found);
  assert.is(readFileSync(found.state, 'utf8'), 'all of it');
  assert.is(readFileSync(found.console, 'utf8'), 'keystorm: ready\n');
  for (const other of [
    { guest: { kernelHash: 'other', imageHash: 'i' } },
    { guest: { kernelHash: 'k', imageHash: 'other' } },
    { version: 'QEMU 2' },
    { args: ['-seed', '2'] },
    { behindImage: Buffer.from('y') },
  ])
    assert.is(new Snapshots({ ...parts, ...other }).find(), undefined, JSON.stringify(other));
});

test('one that has changed since is none', async () => {
  const mine = new Snapshots({ ...parts, version: 'QEMU 3' });
  await mine.keep(save, consoleLog);
  writeFileSync(String(mine.find()?.state), 'all of if');
  assert.is(mine.find(), undefined);
});

test('who cannot keep one says why, and that is all', async () => {
  said.length = 0;
  const mine = new Snapshots({ ...parts, version: 'QEMU 4' });
  await mine.keep(() => Promise.reject(new Error('the guest does not let itself be saved')), consoleLog);
  assert.is(mine.find(), undefined);
  assert.match(said.join('\n'), /could not be kept .* boot it in full: the guest does not let itself be saved/);
});

test('the last dozen are kept, and those that somebody may be about to restore', async () => {
  const cache = new Cache(path.join(root, 'many'));
  const numbered = (each: number) => new Snapshots({ ...parts, cache, version: `many ${each}` });
  const all = () =>
    readdirSync(path.join(cache.root, 'products')).map((name) => path.join(cache.root, 'products', name));
  for (let each = 0; each < 14; each++) await numbered(each).keep(save, consoleLog);
  assert.is(all().length, 14);
  for (const dir of all()) utimesSync(dir, 1, 1);
  const found = numbered(3).find();
  await numbered(14).keep(save, consoleLog);
  assert.is(all().length, 12);
  assert.ok(existsSync(String(found?.state)));
  assert.ok(numbered(14).find());
});

test('another seed is another layout, in its word and in its padding', () => {
  const seeds = [0, 1, 2, 2 ** 31 - 1];
  assert.is(new Set(seeds.map(layoutWord)).size, seeds.length);
  assert.is(new Set(seeds.map((seed) => layoutPadding(seed).data.length)).size, seeds.length);
  for (const seed of seeds) assert.ok(layoutPadding(seed).data.length <= 4 * 2 ** 20);
});

test.run();
