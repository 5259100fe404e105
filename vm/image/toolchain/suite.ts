// SPDX-License-Identifier: MIT
/** Compilers of any Debian suite, unpacked into the cache: the host is neither asked for them nor changed. */
import { existsSync, lstatSync } from 'node:fs';
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache, Product } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { run } from '../../host/command.ts';
import { walk } from '../../product-record.ts';
import { DebStore } from '../debs.ts';
import { aptOf } from '../suites.ts';
import { runIn } from './chroot.ts';
import type { Toolchain } from './toolchain.ts';

/** What each build script takes for granted; a package's dependencies come by themselves. */
const essential = [
  ...['bash', 'coreutils', 'dash', 'diffutils', 'findutils', 'grep', 'gzip', 'hostname', 'mawk', 'perl-base'],
  ...['sed', 'tar', 'util-linux', 'libc-bin'],
];

/** Folders that a merged system has in /usr, whatever packages still say. */
const merged = ['bin', 'sbin', 'lib', 'lib64'] as const;

/** Names that installing would have made, and what they stand for. */
const alternatives = [
  ['usr/bin/awk', 'mawk'],
  ['usr/bin/sh', 'dash'],
  ['usr/bin/cc', 'gcc'],
] as const;

/** Read by people only. */
const unread = ['doc', 'man', 'info', 'locale', 'lintian', 'bug', 'zoneinfo', 'i18n'];

/**
 * A toolchain of `suite` with `packages` and all they depend on, as that suite has them when it is first made; then kept: the same
 * one, until others are asked for. Nothing is installed: packages are unpacked, without their scripts.
 */
export async function toolchain(
  cache: Cache,
  suite: string,
  packages: readonly string[],
  progress: (line: string) => void,
): Promise<Toolchain> {
  const { dir } = await rootProduct(cache, suite, packages, progress);
  return rooted(`${packages[0] ?? 'programs'} of ${suite}`, path.join(dir, 'root'));
}

/** What is in `root`, as a toolchain. */
export function rooted(name: string, root: string): Toolchain {
  return { name, sees: (bind) => bind.to, run: (argv, command) => runIn(root, argv, command) };
}

/** The product 'toolchain': `root/`, and `packages.json`, what it was made from. */
function rootProduct(
  cache: Cache,
  suite: string,
  packages: readonly string[],
  progress: (line: string) => void,
): Promise<Product> {
  const wanted = [...new Set([...essential, ...packages])].sort();
  return cache.product({
    kind: 'toolchain',
    inputs: { suite, wanted, format: 1 },
    progress,
    build: async (dir) => {
      const debs = new DebStore(cache, aptOf(cache, suite, progress));
      const files = await debs.apt.files(await debs.apt.closure(wanted));
      if (files === undefined) throw new KeystormError(`The mirror's lists lack packages of ${suite}.`, 3);
      progress(`Unpacking a toolchain: ${files.length} packages of Debian ${suite}.`);
      const root = path.join(dir, 'root');
      await debs.unpack(files, root);
      await mergeUsr(root);
      await trim(root);
      for (const [name, target] of alternatives)
        if (!present(path.join(root, name)) && existsSync(path.join(root, path.dirname(name), target)))
          await symlink(target, path.join(root, name));
      await writeFile(path.join(dir, 'packages.json'), JSON.stringify(files, null, 1));
    },
  });
}

/** Moves what packages put into /bin or /lib to where it is on an installed system. */
async function mergeUsr(root: string): Promise<void> {
  for (const top of merged) {
    const from = path.join(root, top);
    const to = path.join(root, 'usr', top);
    const status = lstatSync(from, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) {
      await run('cp', ['-a', '--', `${from}/.`, `${to}/`], { plainEnv: true });
      await rm(from, { recursive: true });
    } else if (status !== undefined) await rm(from);
    if (present(to)) await symlink(`usr/${top}`, from);
  }
}

/** Takes away what nobody reads, and every permission to become somebody else: the cache is no place for setuid programs. */
async function trim(root: string): Promise<void> {
  for (const name of unread) await rm(path.join(root, 'usr', 'share', name), { recursive: true, force: true });
  for (const name of walk(root)) {
    const file = path.join(root, name);
    const { mode } = lstatSync(file);
    if ((mode & 0o170000) === 0o100000 && (mode & 0o6000) !== 0) await chmod(file, mode & 0o777);
  }
}

function present(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
