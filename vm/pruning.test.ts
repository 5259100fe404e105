// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { productName } from './product-names.ts';
import { markUsed, prune } from './pruning.ts';

const test = suite('pruning of products');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-pruning-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const hour = 3_600_000;

/** A new folder of products, each last used so many hours ago, the last one first. */
function products(kinds: Readonly<Record<string, readonly number[]>>): { parent: string; dirs: string[] } {
  const parent = mkdtempSync(path.join(root, 'products-'));
  const dirs = Object.entries(kinds).flatMap(([kind, ages]) =>
    ages.map((age, i) => {
      const dir = path.join(parent, productName(kind, String(i).repeat(64)));
      mkdirSync(path.join(dir, 'inside'), { recursive: true });
      const at = new Date(Date.now() - age * hour);
      utimesSync(dir, at, at);
      return dir;
    }),
  );
  return { parent, dirs };
}

test('the last ones stay, and those that may be in use', async () => {
  const { parent, dirs } = products({ thing: [90, 30, 23, 80] });
  await prune(parent, 'thing', { count: 1 });
  assert.equal(dirs.map(existsSync), [false, false, true, false]);
  assert.is(readdirSync(parent).length, 1);
  const few = products({ thing: [90, 30, 23, 80] });
  await prune(few.parent, 'thing', { count: 2, inUseMs: 0 });
  assert.equal(few.dirs.map(existsSync), [false, true, true, false]);
});

test('a kind with a longer name is another kind', async () => {
  const { parent, dirs } = products({ thing: [90], 'thing-source': [90] });
  await prune(parent, 'thing', { count: 0 });
  assert.equal(dirs.map(existsSync), [false, true]);
  await prune(parent, 'thing-source', { count: 0 });
  assert.equal(dirs.map(existsSync), [false, false]);
});

test('one that is spared stays', async () => {
  const { parent, dirs } = products({ thing: [90, 80, 70] });
  await prune(parent, 'thing', { count: 1, spared: () => [path.basename(dirs[0] ?? '')] });
  assert.equal(dirs.map(existsSync), [true, false, true]);
});

test('one that is marked after it was judged stays, whole and marked', async () => {
  const { parent, dirs } = products({ thing: [90, 80] });
  const [late = '', other = ''] = dirs;
  // Asked when all have been looked at, and nothing is gone yet.
  const spared = () => {
    markUsed(late);
    return [];
  };
  await prune(parent, 'thing', { count: 0, spared });
  assert.equal([late, other].map(existsSync), [true, false]);
  assert.ok(existsSync(path.join(late, 'inside')));
  assert.ok(statSync(late).mtimeMs > Date.now() - hour);
});

test('it never rejects, also where there is nothing, and marking what is gone says nothing', async () => {
  await prune(path.join(root, 'absent'), 'thing', { count: 0 });
  const { parent, dirs } = products({ thing: [90] });
  const spared = () => {
    rmSync(dirs[0] ?? '', { recursive: true });
    return [];
  };
  await prune(parent, 'thing', { count: 0, spared });
  markUsed(dirs[0] ?? '');
  assert.equal(readdirSync(parent), []);
});

test.run();
