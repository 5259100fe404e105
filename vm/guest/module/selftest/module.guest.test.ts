// SPDX-License-Identifier: MIT
/** Boots one guest, brings `ks-selftest` into it, and has it show every behaviour of the module. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { guestKernel } from '../../../../bench/testing/guest-kernel.ts';
import { suite } from '../../../../bench/testing/suite.ts';
import { run } from '../../../host/command.ts';
import type { QemuMachine } from '../../../qemu/machine.ts';
import { QemuProvider } from '../../../qemu/provider.ts';
import { behaviours } from './behaviours.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const include = path.join(here, '..', '..', 'include');
const program = '/keystorm/ks-selftest';
/** What must not be in a kernel log. */
const trouble = /WARNING:|BUG:|Oops|Call Trace|blocked for more than|possible recursive locking|general protection/;
const bootAndBuildMs = 300_000;

const test = suite('the kernel module, in a guest', { timeoutMs: bootAndBuildMs });
let folder: string;
let machine: QemuMachine | undefined;

async function compile(): Promise<Buffer> {
  const sources = (await readdir(here)).filter((name) => name.endsWith('.c')).map((name) => path.join(here, name));
  sources.push(path.join(here, '..', '..', 'common', 'slowness.c'));
  const output = path.join(folder, 'ks-selftest');
  const flags = ['-static', '-s', '-std=c11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Werror', `-I${include}`];
  await run('gcc', [...flags, ...sources, '-o', output]);
  return readFile(output);
}

/** Runs a command in the guest; its output, whatever its status. */
async function guest(command: string, input?: Buffer): Promise<string> {
  assert.ok(machine, 'the guest did not start');
  const result = await machine.run(command, 90_000, input);
  return result.stdout + result.stderr;
}

test.before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keystorm-module-'));
  const provider = new QemuProvider();
  await provider.prepare({ kernel: guestKernel, locked: false, noInstall: true, progress: () => {} });
  machine = provider.create({ dir: folder, smp: 1, memoryMiB: 512 });
  await machine.start();
  await machine.ready();
  await guest(`cat >${program} && chmod 755 ${program}`, await compile());
  assert.is(await guest('insmod /keystorm/keystorm.ko'), '');
});

test.after(async () => {
  await machine?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('every behaviour that the program can show is shown', async () => {
  assert.equal((await guest(`${program} --list`)).trim().split('\n').sort(), Object.keys(behaviours).sort());
});

for (const [name, sentence] of Object.entries(behaviours))
  test(sentence, async () => {
    assert.is((await guest(`${program} ${name}`)).trim(), `ok ${name}`);
  });

test('nothing is left behind: no request in flight, no key under construction', async () => {
  assert.is((await guest('cat /sys/class/misc/keystorm/counters/in_flight')).trim(), '0');
  const keys = (await guest('cat /proc/keys')).trim().split('\n');
  assert.equal(
    keys.filter((line) => line.split(/\s+/)[1]?.includes('U')),
    [],
  );
});

test('it unloads, and takes its key type with it', async () => {
  assert.is(await guest('rmmod keystorm'), '');
  assert.not.match(await guest('cat /proc/keys'), 'keyagent');
});

test('the kernel log shows no trouble', async () => {
  const log = await guest('dmesg');
  assert.match(log, 'keyagent unregistered');
  assert.equal(
    log.split('\n').filter((line) => trouble.test(line)),
    [],
  );
});

test.run();
