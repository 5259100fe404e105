// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache } from '../cache.ts';
import { attempt } from '../host/command.ts';
import { isPresent } from '../host/packages.ts';
import type { BoxFacts } from './box.ts';
import { recordBox } from './box-record.ts';
import { vagrantEnvironment } from './environment.ts';
import { vagrantNeeds } from './needs.ts';
import { type GuestSettings, monitorArguments } from './settings.ts';

const test = suite('the Vagrantfile', { timeoutMs: 180_000 });
const root = mkdtempSync(path.join(tmpdir(), 'vagrantfile-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const domain = { cmdline: 'console=ttyS0', processor: 'max,-cx16' };
const facts: BoxFacts = {
  schema: 'keystorm/box/1',
  kernel: '6.1',
  kernelRelease: '6.1.0',
  kernelHash: 'aa',
  imageHash: 'bb',
  domains: { qemu: domain, kvm: domain },
};
const key = path.join(root, 'key');
const box = { name: 'keystorm-test', file: path.join(root, 'absent.box'), facts };

/** `vagrant validate` speaks to no libvirt. */
async function validate(name: string, change: NodeJS.ProcessEnv = {}) {
  const cache = new Cache(path.join(root, name));
  if (name !== 'without a box') await recordBox(cache, box);
  const env = { ...(await vagrantEnvironment(cache, 'tcg'))(path.join(root, name, 'state')), HOME: root, ...change };
  return await attempt('vagrant', ['validate', '--no-tty'], { env });
}

const missing = vagrantNeeds.slice(0, 2).filter((need) => !isPresent(need.needs));
if (missing.length === 0) {
  test('is valid before there is a box', async () => {
    const { code, stderr } = await validate('without a box');
    assert.is(code, 0, stderr);
  });

  test('is valid with a box, with KVM and without', async () => {
    for (const driver of ['qemu', 'kvm']) {
      const { code, stderr } = await validate('with a box', { KEYSTORM_DRIVER: driver });
      assert.is(code, 0, stderr);
    }
  });

  test('is valid with the settings of the harness', async () => {
    const settings: GuestSettings = {
      ...{ box, driver: 'qemu', smp: 2, memoryMiB: 512, prefix: 'test_', bootSeconds: 60 },
      ...{ initrd: '/initrd', cmdline: 'console=ttyS0', key, console: '/console' },
      qemuArguments: monitorArguments('/monitor'),
    };
    writeFileSync(key, 'a key');
    const file = path.join(root, 'settings.json');
    writeFileSync(file, JSON.stringify(settings));
    const { code, stderr } = await validate('with settings', { KEYSTORM_VAGRANT: file });
    assert.is(code, 0, stderr);
  });

  test('is not valid without the key that the harness names', async () => {
    const file = path.join(root, 'wrong.json');
    writeFileSync(file, JSON.stringify({ box, driver: 'qemu', key: path.join(root, 'no key') }));
    const { code, stderr } = await validate('with wrong settings', { KEYSTORM_VAGRANT: file });
    assert.is.not(code, 0);
    assert.match(stderr, /private_key_path.*no key/);
  });
} else test.skip('vagrant validate', `${missing.map((need) => need.from).join(', ')} not installed here`);

test.run();
