// SPDX-License-Identifier: MIT
/** What QEMU loads at a boot: files of the cache, checked, and what is of this boot alone behind them. */
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { MachineFailure } from '../failure.ts';
import { sha256 } from '../hash.ts';
import { type ArchiveEntry, writeArchive } from '../image/newc.ts';
import type { PreparedGuest } from '../image/prepare.ts';
import { markUsed } from '../pruning.ts';

/** Of a guest, what is loaded. */
export type BootedGuest = Pick<PreparedGuest, 'kernelFile' | 'kernelHash' | 'initramfs' | 'imageHash'>;

/**
 * Checks the guest's kernel and image, and writes the initrd for one boot, with files of its `own`, such as its keys: one file for both archives, because QEMU takes one;
 * readable by us alone. Reading and checking 90 MB costs some 0.3 s before a boot of several seconds. Rejects with a MachineFailure.
 */
export async function writeInitrd(file: string, guest: BootedGuest, own: readonly ArchiveEntry[]): Promise<void> {
  // A run may take days, and what nobody uses goes from the cache after one.
  markUsed(path.dirname(guest.initramfs));
  await intact(guest.kernelFile, guest.kernelHash);
  const archives = [await intact(guest.initramfs, guest.imageHash), writeArchive(own)];
  await writeFile(file, Buffer.concat(archives), { mode: 0o600 });
}

/** The bytes of a file of the cache, which was found intact when it was prepared: perhaps long before this boot. */
async function intact(file: string, sum: string): Promise<Buffer> {
  const spoilt = (how: string) =>
    new MachineFailure(
      'harness-fault',
      `${file} ${how} since it was prepared, so nothing was booted from it: the next run builds it anew; if that repeats itself, check the disk and who else writes there.`,
    );
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw spoilt(`became unreadable (${(error as Error).message})`);
  }
  if (sha256(bytes) === sum) return bytes;
  throw spoilt('has changed');
}
