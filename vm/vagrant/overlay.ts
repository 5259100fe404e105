// SPDX-License-Identifier: MIT
/** What a guest under libvirt has more than one in QEMU's own network: it asks for its address. Everything else is the same image. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ArchiveEntry, file, writeArchive } from '../image/newc.ts';

const ours = (name: string) => readFileSync(fileURLToPath(new URL(`guest/${name}`, import.meta.url)));

/** Files that are put over those of the image. The links are up before init asks. */
export function arrivalEntries(): ArchiveEntry[] {
  return [
    file('etc/keystorm/network', 'link set lo up\nlink set eth0 up\n'),
    file('etc/keystorm/arrive', ours('arrive')),
    file('etc/keystorm/address', ''),
    file('etc/keystorm/lease', ours('lease'), 0o755),
  ];
}

/** An archive for the kernel to unpack after the image. */
export function overlayArchive(): Buffer {
  return writeArchive(arrivalEntries());
}
