// SPDX-License-Identifier: MIT
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { within } from './bounded.ts';
import { Cache } from './cache.ts';
import { KeystormError } from './failure.ts';
import { hashJson, type Json } from './hash.ts';
import type { Keeping } from './pruning.ts';

const test = suite('cache of build products');
const roots: string[] = [];

function newCache(): {
  cache: Cache;
  said: string[];
  built: string[];
  get: (inputs: Json, keep?: Keeping, kind?: string) => Promise<string>;
} {
  const root = mkdtempSync(path.join(tmpdir(), 'keystorm-cache-'));
  roots.push(root);
  const cache = new Cache(root);
  const said: string[] = [];
  const built: string[] = [];
  const get = async (inputs: Json, keep?: Keeping, kind = 'thing') => {
    const build = async (dir: string) => {
      built.push(dir);
      await writeFile(path.join(dir, 'thing'), `made from ${JSON.stringify(inputs)}`);
    };
    return (await cache.product({ kind, inputs, keep, build, progress: (line) => said.push(line) })).dir;
  };
  return { cache, said, built, get };
}

test.after(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

test('builds a product once, and again only for other inputs', async () => {
  const { built, get } = newCache();
  const first = await get({ a: 1, b: [true, null] });
  assert.is(await get({ b: [true, null], a: 1 }), first, 'the order of keys does not matter');
  assert.is(built.length, 1);
  assert.is.not(await get({ a: 2, b: [true, null] }), first);
  assert.is(built.length, 2);
});

function clear(dir: string): void {
  for (const name of readdirSync(dir)) rmSync(path.join(dir, name));
}

for (const [name, what, damage] of [
  ['has changed', 'a flipped bit', (dir: string) => writeFileSync(path.join(dir, 'thing'), 'made from "y"')],
  ['has changed', 'truncated', (dir: string) => truncateSync(path.join(dir, 'thing'), 3)],
  ['has changed', 'emptied', (dir: string) => truncateSync(path.join(dir, 'thing'))],
  ['is missing', 'a file removed', (dir: string) => rmSync(path.join(dir, 'thing'))],
  ['was added', 'a file added', (dir: string) => writeFileSync(path.join(dir, 'other'), 'x')],
  ['checksums', 'a spoilt record', (dir: string) => writeFileSync(path.join(dir, '.product.json'), '{')],
  ['checksums', 'half made', (dir: string) => rmSync(path.join(dir, '.product.json'))],
  ['checksums', 'empty', clear],
] as const) {
  test(`rebuilds a corrupted product and says so (${what})`, async () => {
    const { built, said, get } = newCache();
    const dir = await get('x');
    damage(dir);
    assert.is(await get('x'), dir);
    assert.is(built.length, 2);
    assert.is(readFileSync(path.join(dir, 'thing'), 'utf8'), 'made from "x"');
    assert.is(said.length, 1);
    assert.match(said[0] ?? '', new RegExp(`cached thing ${dir} is corrupted .*${name}`));
  });
}

test('of two harnesses that want the same at once one builds, and the other waits with a word', async () => {
  const { cache } = newCache();
  const said: string[] = [];
  let builds = 0;
  let waits: () => void = () => undefined;
  const otherWaits = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const get = async () => {
    const build = async (dir: string) => {
      builds++;
      // Not done before the other has found it under way, however late that one is scheduled.
      await within(otherWaits, 4_000, () => new Error('the other harness does not say that it waits'));
      await writeFile(path.join(dir, 'thing'), 'made');
    };
    const progress = (line: string) => {
      said.push(line);
      waits();
    };
    return (await cache.product({ kind: 'thing', inputs: 'x', build, progress, waitMs: 90 * 60_000 })).dir;
  };
  const dirs = await Promise.all([get(), get()]);
  assert.is(dirs[0], dirs[1]);
  assert.is(builds, 1);
  assert.is(said.length, 1);
  assert.match(
    said[0] ?? '',
    /^Another keystorm \(pid \d+ on .+\) is making the same thing \(thing\) in this cache; waiting for it, at most 90 min/,
  );
  assert.equal(readdirSync(path.join(cache.root, 'products')), [path.basename(dirs[0] ?? '')]);
});

test('what a killed harness left half made does not stay', async () => {
  const { cache, get } = newCache();
  const left = path.join(cache.root, 'products', '.unfinished-thing-1-00');
  mkdirSync(left, { recursive: true });
  writeFileSync(path.join(left, 'half'), '');
  await get('x');
  assert.not.ok(existsSync(left));
});

test('a cache that cannot be written to serves what it holds, and says so of the rest', async () => {
  const { cache, get } = newCache();
  const dir = await get('x');
  // A file where a folder is needed keeps even root out.
  rmSync(path.join(cache.root, 'locks'), { recursive: true });
  writeFileSync(path.join(cache.root, 'locks'), '');
  assert.is(await get('x'), dir);
  const error = await get('y').catch((thrown: unknown) => thrown);
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 2);
  assert.match((error as Error).message, /^The cache .+ lacks an intact .+ cannot be written to .+KEYSTORM_CACHE/);
});

test('a build that fails leaves nothing behind', async () => {
  const { cache } = newCache();
  const build = async (dir: string) => {
    writeFileSync(path.join(dir, 'half'), '');
    throw new Error('no more');
  };
  try {
    await cache.product({ kind: 'thing', inputs: 1, build, progress: () => undefined });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'no more');
  }
  assert.equal(readdirSync(path.join(cache.root, 'products')), []);
});

test('a scratch folder is gone after its work, and so is one that a killed harness left long ago', async () => {
  const { cache } = newCache();
  const [old, recent] = ['.unfinished-old', '.unfinished-recent'].map((name) => path.join(cache.root, 'tmp', name));
  for (const dir of [old, recent]) mkdirSync(dir as string, { recursive: true });
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(old as string, longAgo, longAgo);
  const used = await cache.scratch('thing', async (dir) => {
    assert.equal(readdirSync(dir), []);
    return dir;
  });
  assert.not.ok(existsSync(used));
  assert.equal(readdirSync(path.join(cache.root, 'tmp')), ['.unfinished-recent']);
});

test('an empty KEYSTORM_CACHE is none', () => {
  assert.is(Cache.standard({ KEYSTORM_CACHE: '' }).root, Cache.standard({}).root);
});

test('a product knows its contents apart from its inputs', async () => {
  const { cache } = newCache();
  const make = (inputs: Json, text: string) =>
    cache.product({
      kind: 'thing',
      inputs,
      build: (dir) => writeFile(path.join(dir, 'f'), text),
      progress: () => undefined,
    });
  const [a, b, c] = [await make(1, 'same'), await make(2, 'same'), await make(3, 'other')];
  assert.is(a.digest, b.digest);
  assert.is.not(a.digest, c.digest);
  assert.is((await make(1, 'unused')).digest, a.digest, 'also when it is found again');
});

test('hashes of values do not depend on the order of their keys', () => {
  assert.is(hashJson({ a: { x: 1, y: 2 }, b: 2 }), hashJson({ b: 2, a: { y: 2, x: 1 } }));
  assert.is.not(hashJson(['a', 'b']), hashJson(['b', 'a']));
});

test('what making takes is asked for before something is made, and not where it is there already', async () => {
  const { cache, get } = newCache();
  const dir = await get({ a: 1 });
  const without = new Cache(cache.root, () => Promise.reject(new KeystormError('There is no compiler.')));
  const product = (inputs: Json) =>
    without.product({ kind: 'thing', inputs, build: () => Promise.resolve(), progress: () => {} });
  assert.is((await product({ a: 1 })).dir, dir);
  for (const making of [() => product({ a: 2 }), () => without.scratch('thing', () => Promise.resolve())])
    assert.is(await making().catch((error: Error) => error.message), 'There is no compiler.');
});

test('one that is there is found without building, and one that is damaged is not', async () => {
  const { cache, built, get } = newCache();
  const recipe = { kind: 'thing', inputs: { a: 1 } };
  assert.is(cache.find(recipe), undefined);
  const dir = await get({ a: 1 });
  assert.is(cache.find(recipe)?.dir, dir);
  await writeFile(path.join(dir, 'thing'), 'other');
  assert.is(cache.find(recipe), undefined);
  assert.is(built.length, 1);
});

test('a product more drives the oldest out that nobody used within a day', async () => {
  const { get } = newCache();
  const make = (each: number) => get({ each }, { count: 2 });
  const dirs = [await make(0), await make(1), await make(2)];
  assert.equal(dirs.map(existsSync), [true, true, true]);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  for (const [i, dir] of dirs.entries()) utimesSync(dir, daysAgo(9 - i), daysAgo(9 - i));
  // Used: it is not the oldest any more.
  await make(0);
  dirs.push(await make(3));
  assert.equal(dirs.map(existsSync), [true, false, false, true]);
});

test('one that is found, also only found again, is not the oldest any more', async () => {
  const { cache, get } = newCache();
  const dir = await get(1);
  for (const found of [() => get(1), async () => cache.find({ kind: 'thing', inputs: 1 })]) {
    utimesSync(dir, 1, 1);
    await found();
    assert.ok(statSync(dir).mtimeMs > Date.now() - 3_600_000);
  }
});

test('what another kind with a longer name has unfinished stays', async () => {
  const { cache, get } = newCache();
  const unfinished = (name: string) => path.join(cache.root, 'products', `.unfinished-${name}`);
  const [other, own] = [unfinished('thing-source-1-00'), unfinished('thing-1-00')];
  for (const dir of [other, own]) mkdirSync(dir, { recursive: true });
  await get('x');
  assert.equal([other, own].map(existsSync), [true, false]);
});

test.run();
