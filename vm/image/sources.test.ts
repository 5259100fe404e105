// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import type { KernelBuild } from './kernel-build.ts';
import { moduleProduct, presentSource, programsProduct } from './sources.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

const test = suite('what is compiled for the guest');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-sources-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('a cache at a path that make cannot read is refused before anything is compiled', async () => {
  for (const name of ['My Projects', 'a:b', 'a,b', 'cost$']) {
    const dir = path.join(root, name);
    const error = await programsProduct(new Cache(dir), () => undefined).catch((thrown: unknown) => thrown);
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    assert.match((error as Error).message, dir);
    assert.match((error as Error).message, 'KEYSTORM_CACHE');
  }
});

test('modules of a tree that was built again meanwhile are not kept', async () => {
  const cache = new Cache(path.join(root, 'cache'));
  let asked = 0;
  const toolchain: Toolchain = {
    name: 'a compiler',
    sees: ({ to }) => to,
    run: async (_argv, { binds = [] } = {}) => {
      const copies = binds.find(({ writable }) => writable)?.from ?? '';
      for (const entry of readdirSync(copies, { withFileTypes: true }))
        if (entry.isDirectory()) writeFileSync(path.join(copies, entry.name, 'made.ko'), '');
      return '';
    },
  };
  const demandUnchanged = async () => {
    asked++;
    throw new KeystormError('it was built again while it was read');
  };
  const moduleTree = async () => ({ dir: root, make: '.', toolchain, demandUnchanged });
  const kernel: KernelBuild = {
    ...{ name: 'own', release: '6.99.0', version: '6.99.0@0', identity: '', notes: [], moduleInputs: {} },
    boot: () => Promise.reject(new Error('nothing is booted here')),
    moduleTree,
  };
  const error = await moduleProduct(cache, kernel, presentSource, () => undefined).catch((thrown: unknown) => thrown);
  assert.match((error as Error).message, 'built again while it was read');
  assert.is(asked, 1);
  assert.equal(readdirSync(path.join(cache.root, 'products')), []);
});

test.run();
