// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { sha256 } from '../hash.ts';
import { writeInitrd } from './boot-files.ts';

const test = suite('what QEMU loads at a boot');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-boot-files-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('each boot marks its image as used: a run may take longer than unused ones stay', async () => {
  const image = path.join(root, 'image');
  mkdirSync(image);
  const [kernelFile, initramfs] = [path.join(root, 'vmlinuz'), path.join(image, 'initramfs.cpio')];
  for (const file of [kernelFile, initramfs]) writeFileSync(file, 'bytes');
  const guest = { kernelFile, initramfs, kernelHash: sha256('bytes'), imageHash: sha256('bytes') };
  const initrd = path.join(root, 'initrd');
  for (let boot = 0; boot < 2; boot++) {
    utimesSync(image, 1, 1);
    await writeInitrd(initrd, guest, []);
    assert.ok(statSync(image).mtimeMs > Date.now() - 3_600_000);
  }
});

test.run();
