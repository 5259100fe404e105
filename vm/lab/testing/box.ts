// SPDX-License-Identifier: MIT
/** A guest that plays somebody's machine: it has nothing of ours, is not disposable, and runs before us and after us. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { guestKernel } from '../../../bench/testing/guest-kernel.ts';
import type { Suite } from '../../../bench/testing/suite.ts';
import { KeystormError } from '../../failure.ts';
import type { Access } from '../../machine.ts';
import { type BootKeys, makeBootKeys } from '../../qemu/keys.ts';
import type { QemuMachine } from '../../qemu/machine.ts';
import { QemuProvider } from '../../qemu/provider.ts';
import { knownName } from '../../ssh/known-hosts.ts';

export interface Box {
  /** As its owner has it. */
  readonly guest: QemuMachine;
  /** What stands behind `ssh:`. */
  readonly address: string;
  /** Its name, as --yes takes it. */
  readonly host: string;
  readonly access: Access;
  /** Another file of known hosts, in which this one has another key. */
  readonly wrongKnownHosts: string;
}

/** Starts it before the suite's tests and ends it after them. */
export function boxOf(test: Suite): () => Box {
  const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-box-'));
  let box: Box | undefined;
  test.before(async () => {
    box = await startBox(dir);
  });
  test.after(async () => {
    await box?.guest.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return () => {
    if (box === undefined) throw new KeystormError('The box did not start.', 3);
    return box;
  };
}

async function startBox(dir: string): Promise<Box> {
  const provider = new QemuProvider(true);
  await provider.prepare({ kernel: guestKernel, locked: false, noInstall: true, progress: () => undefined });
  const keys = makeBootKeys();
  const change = { keys, without: ['keystorm.disposable=1'], words: ['keystorm.somebodys=1'] };
  const guest = provider.create({ dir: path.join(dir, 'box'), smp: 1, memoryMiB: 512 }, change);
  await guest.start();
  await guest.ready();
  const { host, port, user } = guest.address;
  const name = knownName(host, port);
  const access = {
    identity: kept(dir, 'identity', keys.clientKey),
    knownHosts: kept(dir, 'known_hosts', knownHost(name, keys)),
  };
  const wrongKnownHosts = kept(dir, 'wrong_known_hosts', knownHost(name, makeBootKeys()));
  return { guest, address: `${user}@${host}:${port}`, host, access, wrongKnownHosts };
}

function knownHost(name: string, { hostPublic }: BootKeys): string {
  return `${name} ssh-ed25519 ${hostPublic.toString('base64')}\n`;
}

function kept(dir: string, name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
