// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache, type Product, type ProductRecipe } from '../../cache.ts';
import { DebStore } from '../debs.ts';
import { aptOf } from '../suites.ts';
import { sourceKernelProduct } from './build.ts';

const test = suite('the build of a kernel from source');

/** Makes nothing, and says how long it would wait for another harness. */
class Asked extends Cache {
  waitMs: number | undefined;

  override async product({ waitMs }: ProductRecipe): Promise<Product> {
    this.waitMs = waitMs;
    return { dir: '/nowhere', key: '', files: {}, digest: '' };
  }
}

test('another harness is waited for as long as its compiler may take', async () => {
  const cache = new Asked('/nowhere');
  const progress = () => undefined;
  const tools = { cache, debs: new DebStore(cache, aptOf(cache, 'bookworm', progress)), progress };
  const source = { name: 'linux-source-6.1', version: '6.1.1-1', sha256: '0'.repeat(64) };
  const build = { source, kernel: '6.1.1', suffix: '-x', fragment: '', bootModules: [], extraModules: [] };
  await sourceKernelProduct(build, { ...tools, toolchain: () => Promise.reject(new Error('nothing is compiled')) });
  assert.ok((cache.waitMs ?? 0) > 4 * 3_600_000);
});

test.run();
