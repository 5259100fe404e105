// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { primaryKernel } from '../image/primary-kernel.ts';
import { makeBootKeys } from '../qemu/keys.ts';
import type { VagrantMachine, VagrantMachineChange } from './machine.ts';
import { VagrantProvider } from './provider.ts';
import { whyNotHere } from './testing/here.ts';

// A boot behind Vagrant takes half a minute, and the first test may have to build the box.
const test = suite('a real guest behind Vagrant', { timeoutMs: 590_000 });

const root = mkdtempSync(path.join(tmpdir(), 'keystorm-vagrant-test-'));
const provider = new VagrantProvider();
test.after(async () => {
  await provider.close();
  rmSync(root, { recursive: true, force: true });
});
let count = 0;

async function newMachine(change: VagrantMachineChange = {}): Promise<VagrantMachine> {
  const progress = (line: string) => console.error(line);
  await provider.prepare({ kernel: primaryKernel, locked: false, noInstall: true, progress });
  return provider.create({ dir: path.join(root, String(count++)), smp: 1, memoryMiB: 512 }, change);
}

async function failureOf(promise: Promise<unknown>): Promise<MachineFailure> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, MachineFailure, String(error));
    return error as MachineFailure;
  }
  throw new Error('it did not fail');
}

const why = whyNotHere();
if (why === undefined) {
  test('boots, runs commands, loses its connection as such, and is gone after stop', async () => {
    // Vagrant is to be heard out, however slow this host is.
    const machine = await newMachine({ deadlines: { destroy: 300_000 } });
    try {
      await machine.start();
      await machine.ready();
      assert.equal(await machine.run('echo out; exit 7'), { code: 7, stdout: 'out\n', stderr: '' });
      const { kernelRelease, cmdline, hypervisor } = machine.describe();
      assert.is((await machine.run('uname -r; cat /proc/cmdline')).stdout, `${kernelRelease}\n${cmdline}\n`);
      assert.match(cmdline, /keystorm\.disposable=1/);
      assert.match(hypervisor.args.join(' '), /^\S*qemu-system-x86_64 .*-cpu .* -no-reboot/);
      assert.is((await machine.run('test -x /keystorm/ks-runner && test -f /keystorm/keystorm.ko')).code, 0);
      const awake = machine.abilities.awake?.() ?? 0;
      assert.ok(awake > 0);
      const hung = failureOf(machine.run('exec sleep 1000'));
      machine.drop();
      assert.is((await hung).kind, 'lost-connection');
      await machine.stop();
      await machine.stop();
      assert.is((await machine.wait()).failure, null);
      const log = readFileSync(path.join(root, '0', 'vagrant.log'), 'utf8');
      assert.match(log, /\$ vagrant destroy --force\n(.*\n)*.*Removing domain/);
      assert.match(readFileSync(path.join(root, '0', 'console.log'), 'utf8'), 'keystorm: ready');
      assert.not.ok(existsSync(path.join(root, '0', 'initrd')), 'keys stay on no disk');
    } finally {
      await machine.stop();
    }
  });

  test('one that panics is known to have, and one with another host key is not entered', async () => {
    const machine = await newMachine();
    try {
      await machine.start();
      await machine.ready();
      const seen = await failureOf(machine.run('echo c >/proc/sysrq-trigger; sleep 60'));
      assert.is(seen.kind, 'guest-panic');
      assert.is((await machine.wait()).failure?.kind, 'guest-panic');
    } finally {
      await machine.stop();
    }
    const other = await newMachine({ keys: { ...makeBootKeys(), hostPublic: makeBootKeys().hostPublic } });
    try {
      await other.start();
      const refused = await failureOf(other.ready());
      assert.is(refused.kind, 'lost-connection');
      assert.match(refused.message, /host key that is not this boot's/);
    } finally {
      await other.stop();
    }
  });
} else test.skip('guests behind Vagrant', why);

test.run();
