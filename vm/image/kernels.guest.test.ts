// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { guestKernel } from '../../bench/testing/guest-kernel.ts';
import { suite } from '../../bench/testing/suite.ts';
import { bootAndBuildMs, guestOf, sh } from '../guest/runner/testing/guest.ts';
import { extraModules } from './kernel.ts';
import { kernelEntry } from './kernels.ts';
import { Preparation } from './prepare.ts';

const test = suite(`kernel ${guestKernel}`, { timeoutMs: bootAndBuildMs });
const guest = guestOf(test);

test('it boots, and says of itself what the machine does', async () => {
  const { kernel, kernelRelease } = guest().describe();
  assert.is(await sh(guest(), 'uname -r'), kernelRelease);
  const entry = kernelEntry(guestKernel);
  // Of a mirror that has dropped the locked version there is a newer one, and a note says so.
  if (
    guest()
      .describe()
      .notes.every((note) => !note.includes('gone from the mirror'))
  )
    assert.equal([kernel, kernelRelease], [entry.version, entry.release]);
});

test('it loads our module, which was compiled for it, and lets it go', async () => {
  await sh(guest(), 'insmod /keystorm/keystorm.ko');
  assert.match(await sh(guest(), 'cat /proc/modules'), /^keystorm /m);
  await sh(guest(), 'rmmod keystorm');
});

test('it has what scenarios need, whether built in or as modules', async () => {
  for (const name of extraModules) await sh(guest(), `modprobe ${name} || [ -e /sys/module/${name} ]`);
  await sh(guest(), 'ip link add veth0 type veth peer name veth1 && ip link add br0 type bridge');
  await sh(guest(), 'ip link show dummy0 || ip link add dummy0 type dummy');
});

test('nothing of its configuration is guessed: the one recorded is the one it was built with', async () => {
  const preparation = await Preparation.open({ kernel: guestKernel, locked: false, progress: console.error });
  const product = await preparation.kernel.boot();
  const config = readFileSync(path.join(product.dir, 'config'), 'utf8');
  assert.match(config, 'CONFIG_KEYS=y');
  assert.is(guest().describe().kernelConfigHash, product.files.config);
});

test.run();
