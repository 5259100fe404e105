// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { Preparation } from './prepare.ts';

// Fetches packages when the standard cache has none yet.
const test = suite('guest image', { timeoutMs: 300_000 });

const options = { kernel: '6.1', locked: false, bare: true, progress: (line: string) => console.error(line) };

test('built twice from the same packages it is the same, byte for byte, and holds no key', async () => {
  const standard = Cache.standard();
  await (await Preparation.open(options, standard)).guest();
  const built: Buffer[] = [];
  for (let i = 0; i < 2; i++) {
    const root = mkdtempSync(path.join(tmpdir(), 'keystorm-image-'));
    try {
      // The packages are shared, the products are not.
      for (const shared of ['apt', 'debs']) symlinkSync(await standard.folder(shared), path.join(root, shared));
      const guest = await (await Preparation.open(options, new Cache(root))).guest();
      built.push(readFileSync(guest.initramfs));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  assert.ok(built[0]?.equals(built[1] ?? Buffer.alloc(0)));
  assert.not.ok(built[0]?.includes('etc/dropbear/host_key\0'));
  assert.not.ok(built[0]?.includes('root/.ssh/authorized_keys\0'));
});

test('prepared once, a guest is found again without fetching or building', async () => {
  await (await Preparation.open(options)).guest();
  const said: string[] = [];
  const again = await (await Preparation.open({ ...options, progress: (line) => said.push(line) })).guest();
  assert.equal(said, [], 'nothing is fetched or built');
  assert.match(again.imageHash, /^[0-9a-f]{64}$/);
});

test.run();
