// SPDX-License-Identifier: MIT
/** One guest for all tests of a file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { guestKernel } from '../../../../bench/testing/guest-kernel.ts';
import type { Suite } from '../../../../bench/testing/suite.ts';
import { KeystormError } from '../../../failure.ts';
import type { Machine } from '../../../machine.ts';
import { openProvider } from '../../../providers.ts';

/** For the suite's `timeoutMs`: the first test that needs a guest may have to build it. */
export const bootAndBuildMs = 300_000;

/** Boots a guest before the suite's tests and stops it after them. Returns what gives the guest to a test. */
export function guestOf(test: Suite): () => Machine {
  let folder: string | undefined;
  let guest: Machine | undefined;
  test.before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keystorm-guest-'));
    const provider = openProvider('qemu');
    await provider.prepare({ kernel: guestKernel, locked: false, noInstall: true, progress: () => {} });
    guest = provider.create({ dir: folder, smp: 1, memoryMiB: 512 });
    await guest.start();
    await guest.ready();
  });
  test.after(async () => {
    await guest?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (guest === undefined) throw new KeystormError('The guest did not start.', 3);
    return guest;
  };
}

/** What a command says inside a guest, without the white space around it. It must exit with 0. */
export async function sh(machine: Machine, command: string): Promise<string> {
  const shell = machine.abilities.shell;
  if (shell === undefined) throw new KeystormError('This guest has no shell.', 3);
  const said = await shell.run(command, { timeoutMs: 20_000 });
  if (said.code !== 0) throw new KeystormError(`In the guest, "${command}" exits with ${said.code}: ${said.stderr}`, 3);
  return said.stdout.trim();
}
