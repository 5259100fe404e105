// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { programsProduct } from './sources.ts';

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

test.run();
