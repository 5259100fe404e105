// SPDX-License-Identifier: MIT
/**
 * Writes initramfs archives ("newc" cpio). Our own writer because it makes device nodes without privilege, owns
 * everything by root and gives the same bytes for the same entries: sorted, no times, inode numbers by position.
 */

export interface ArchiveEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** Type and permission bits, e.g. 0o100644. */
  readonly mode: number;
  /** A file's contents or a symbolic link's target; empty for the rest. */
  readonly data: Buffer;
  /** Major and minor number of a device node. */
  readonly device?: readonly [number, number];
}

export const folder = (path: string, permissions = 0o755): ArchiveEntry => ({
  path,
  mode: 0o040000 | permissions,
  data: Buffer.alloc(0),
});

export const file = (path: string, data: Buffer | string, permissions = 0o644): ArchiveEntry => ({
  path,
  mode: 0o100000 | permissions,
  data: Buffer.from(data),
});

export const link = (path: string, target: string): ArchiveEntry => ({
  path,
  mode: 0o120777,
  data: Buffer.from(target),
});

export const characterDevice = (path: string, major: number, minor: number, permissions: number): ArchiveEntry => ({
  path,
  mode: 0o020000 | permissions,
  data: Buffer.alloc(0),
  device: [major, minor],
});

/** The archive of `entries` with the folders they lie in; of two entries with one path the later counts. Padded to 512 bytes. */
export function writeArchive(entries: readonly ArchiveEntry[]): Buffer {
  const byPath = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/');
      if (!byPath.has(parent)) byPath.set(parent, folder(parent));
    }
    byPath.set(entry.path, entry);
  }
  // A folder sorts before what it contains, because its path is a prefix.
  const sorted = [...byPath.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const chunks: Buffer[] = [];
  sorted.forEach((entry, index) => {
    chunks.push(...member(entry, index + 1));
  });
  chunks.push(...member({ path: 'TRAILER!!!', mode: 0, data: Buffer.alloc(0) }, 0));
  return pad(Buffer.concat(chunks), 512);
}

function member(entry: ArchiveEntry, inode: number): Buffer[] {
  const name = Buffer.from(`${entry.path}\0`);
  const links = (entry.mode & 0o170000) === 0o040000 ? 2 : 1;
  const [major, minor] = entry.device ?? [0, 0];
  const fields = [inode, entry.mode, 0, 0, links, 0, entry.data.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${fields.map((f) => f.toString(16).padStart(8, '0')).join('')}`;
  return [pad(Buffer.concat([Buffer.from(header), name]), 4), pad(entry.data, 4)];
}

function pad(data: Buffer, to: number): Buffer {
  const rest = data.length % to;
  return rest === 0 ? data : Buffer.concat([data, Buffer.alloc(to - rest)]);
}
