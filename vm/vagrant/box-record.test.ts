// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { recordBox, recordedProducts } from './box-record.ts';
import type { Box } from './boxes.ts';

const test = suite('the box that is booted by hand');
const root = mkdtempSync(path.join(tmpdir(), 'box-record-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const domain = { cmdline: '', processor: 'max' };
const facts: Box['facts'] = {
  schema: 'keystorm/box/1',
  kernel: '6.1',
  kernelRelease: '6.1.0',
  kernelHash: 'aa',
  imageHash: 'bb',
  domains: { qemu: domain, kvm: domain },
};

test('the product that it lies in is the one that was recorded last; none before, or from a spoilt record', async () => {
  const cache = new Cache(path.join(root, 'cache'));
  assert.equal(recordedProducts(cache), []);
  for (const name of ['box-1', 'box-2'])
    await recordBox(cache, { name, file: `/elsewhere/products/${name}/keystorm.box`, facts });
  assert.equal(recordedProducts(cache), ['box-2']);
  const spoilt = path.join(root, 'spoilt');
  mkdirSync(path.join(spoilt, 'vagrant'), { recursive: true });
  for (const text of ['{', '{}', '{"file":1}']) {
    writeFileSync(path.join(spoilt, 'vagrant', 'box.json'), text);
    assert.equal(recordedProducts({ root: spoilt }), []);
  }
});

test.run();
