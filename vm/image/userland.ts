// SPDX-License-Identifier: MIT
/** The guest's user space: Debian packages resolved by apt, unpacked without privilege, stripped of what nobody reads. */
import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Cache, Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { hashJson } from '../hash.ts';
import { run } from '../host/command.ts';
import { walk } from '../product-record.ts';
import type { PackageFile } from './apt.ts';
import type { DebStore } from './debs.ts';
import { type ArchiveEntry, file, link, writeArchive } from './newc.ts';

const userlandSchema = z.strictObject({
  /** Packages the guest is made of; apt adds what they depend on. */
  wanted: z.array(z.string()).min(1),
  /** Dependencies that only installing, not running, needs. */
  excluded: z.array(z.string()),
  /** Where files are taken from. */
  prefixes: z.array(z.string()),
  /** Regular expressions of paths that are left out. */
  dropped: z.array(z.string()),
});

/** The committed choice of packages. */
export const userland = userlandSchema.parse(
  JSON.parse(readFileSync(fileURLToPath(new URL('./userland.json', import.meta.url)), 'utf8')),
);

/** Top folders that are symbolic links into /usr, as in any Debian of today. */
const merged = ['bin', 'sbin', 'lib', 'lib64'] as const;

/**
 * The product 'userland': `userland.cpio`, deterministic, with busybox's applets where no real program stands, and
 * `packages.json`, what it was made from. Resolved when it is built, then kept: a second run asks no mirror.
 */
export function userlandProduct(cache: Cache, debs: DebStore, progress: (line: string) => void): Promise<Product> {
  return cache.product({
    kind: 'userland',
    inputs: { choice: hashJson(userland), format: 4 },
    progress,
    build: async (dir) => {
      const packages = await resolveUserland(debs);
      progress(`Unpacking ${packages.length} packages for the guest.`);
      await cache.scratch('userland', async (tree) => {
        await debs.unpack(packages, tree);
        const entries = [...merged.map((top) => link(top, `usr/${top}`)), ...treeEntries(tree)];
        entries.push(...(await appletLinks(tree, entries)));
        await writeFile(path.join(dir, 'userland.cpio'), writeArchive(entries));
        await writeFile(path.join(dir, 'packages.json'), JSON.stringify(packages, null, 1));
      });
    },
  });
}

async function resolveUserland(debs: DebStore): Promise<PackageFile[]> {
  const closure = await debs.apt.closure(userland.wanted);
  const files = await debs.apt.files(closure.filter((p) => !userland.excluded.includes(p.name)));
  if (files === undefined) throw new KeystormError("The mirror's lists lack packages of the guest.", 3);
  return files;
}

/** Archive entries of the files worth having below `tree`, moved into /usr where Debian's packages still say /bin or /lib. */
export function treeEntries(tree: string): ArchiveEntry[] {
  const dropped = userland.dropped.map((pattern) => new RegExp(pattern));
  const entries: ArchiveEntry[] = [];
  for (const name of walk(tree)) {
    if (!userland.prefixes.some((prefix) => name.startsWith(prefix))) continue;
    if (dropped.some((pattern) => pattern.test(name))) continue;
    const source = path.join(tree, name);
    const target = intoUsr(name);
    const status = lstatSync(source);
    if (status.isSymbolicLink()) entries.push(link(target, readlinkSync(source)));
    // Permissions are normalised: an ordinary user's unpacking would otherwise differ from root's.
    else if (status.isFile()) entries.push(file(target, readFileSync(source), status.mode & 0o100 ? 0o755 : 0o644));
  }
  return entries;
}

function intoUsr(name: string): string {
  return merged.some((top) => name.startsWith(`${top}/`)) ? `usr/${name}` : name;
}

/** Links for busybox's applets. The unpacked busybox is asked with its own libraries, not the host's. */
async function appletLinks(tree: string, entries: readonly ArchiveEntry[]): Promise<ArchiveEntry[]> {
  const loader = ['lib64/ld-linux-x86-64.so.2', 'usr/lib64/ld-linux-x86-64.so.2']
    .map((name) => path.join(tree, name))
    .find((name) => statSync(name, { throwIfNoEntry: false }) !== undefined);
  const busybox = ['bin/busybox', 'usr/bin/busybox']
    .map((name) => path.join(tree, name))
    .find((name) => statSync(name, { throwIfNoEntry: false }) !== undefined);
  if (loader === undefined || busybox === undefined)
    throw new KeystormError('The unpacked packages of the guest lack busybox or its loader.', 3);
  const libraries = ['lib', 'usr/lib'].map((lib) => path.join(tree, lib, 'x86_64-linux-gnu')).join(':');
  const listed = await run(loader, ['--library-path', libraries, busybox, '--list']);
  const taken = new Set(entries.map((entry) => entry.path));
  const free = listed
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox')
    .filter((name) => !taken.has(`usr/bin/${name}`) && !taken.has(`usr/sbin/${name}`));
  // Scripts get bash as their sh: busybox's would run its own applets instead of the real programs beside it.
  return [
    ...free.filter((name) => name !== 'sh').map((name) => link(`usr/bin/${name}`, 'busybox')),
    link('usr/bin/sh', 'bash'),
  ];
}
