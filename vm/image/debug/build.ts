// SPDX-License-Identifier: MIT
/** Builds a kernel from Debian's source and a fragment of configuration: what is booted, and what modules are built against. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { Cache, Product } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import type { PackageFile } from '../apt.ts';
import type { DebStore } from '../debs.ts';
import { collectModules } from '../modules.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import { droppedOptions } from './options.ts';

export interface SourceBuild {
  /** Debian's linux-source package. */
  readonly source: PackageFile;
  /** The version in the source's Makefile. */
  readonly kernel: string;
  /** What follows it in uname -r. */
  readonly suffix: string;
  /** Options by `make allnoconfig`'s KCONFIG_ALLCONFIG: all others are off. */
  readonly fragment: string;
  /** Modules the guest loads at boot, and others it is to have. */
  readonly bootModules: readonly string[];
  readonly extraModules: readonly string[];
}

export interface BuildTools {
  readonly cache: Cache;
  readonly debs: DebStore;
  /** Asked for only when something must be compiled. */
  readonly toolchain: () => Promise<Toolchain>;
  readonly progress: (line: string) => void;
}

/** What a kernel's build needs of a toolchain's suite. */
export const buildPackages = [
  ...['gcc', 'binutils', 'make', 'libc6-dev', 'flex', 'bison', 'bc', 'libelf-dev', 'xz-utils', 'lz4', 'perl-base'],
] as const;

/** The tree as the toolchain sees it. */
const treePlace = '/build/tree';
const progressMs = 30_000;
/** For the whole kernel, on a host that has much else to do. */
const compileMs = 4 * 3_600_000;
/** For a kernel that another harness makes: fetched, unpacked and compiled. */
export const kernelWaitMs = compileMs + 30 * 60_000;

/**
 * The part of a built tree that modules are built against: as the kernel's own packages have it (scripts/package/builddeb).
 * Runs in the tree; prints the files' names, each ended by a NUL.
 */
const headerFiles = `{
find . arch/x86 -maxdepth 1 \\( -name 'Makefile*' -o -name 'Kconfig*' \\)
find include scripts \\( -type f -o -type l \\) ! -name '*.cmd' ! -name '*.o'
find $(find arch/x86 -type d \\( -name include -o -name scripts \\)) -type f ! -name '*.cmd' ! -name '*.o'
printf '%s\\n' .config Module.symvers tools/objtool/objtool
} | sed 's,^\\./,,' | sort -u | tr '\\n' '\\000' `;

/** The release (uname -r) of such a kernel. */
export function releaseOf({ kernel, suffix }: SourceBuild): string {
  return `${kernel}${suffix}`;
}

/**
 * The product 'source-kernel': `boot/` as a KernelBuild's boot product has it, and `tree/`, to build modules against. Some ten
 * minutes on two processors, and 2 GB of the cache's disk while it lasts.
 */
export function sourceKernelProduct(build: SourceBuild, tools: BuildTools): Promise<Product> {
  const { cache, debs, progress } = tools;
  const { source, ...rest } = build;
  return cache.product({
    kind: 'source-kernel',
    inputs: {
      ...{ source: { ...source }, kernel: rest.kernel, suffix: rest.suffix, fragment: rest.fragment },
      ...{ boot: [...rest.bootModules], extra: [...rest.extraModules], packages: [...buildPackages], format: 2 },
    },
    progress,
    waitMs: kernelWaitMs,
    build: async (dir) => {
      const toolchain = await tools.toolchain();
      await cache.scratch('source-kernel', async (work) => {
        progress(`Unpacking the source of the kernel ${build.kernel}.`);
        await debs.unpack([source], work);
        const tree = await unpackTree(work, toolchain);
        const make = makeIn(tree, toolchain, build);
        await configure(tree, make, build);
        progress(`Compiling the kernel ${releaseOf(build)}: some ten minutes on two processors, once.`);
        await whileCounting(tree, progress, () => make(['bzImage', 'modules']));
        await make(['modules_install', 'INSTALL_MOD_PATH=installed', 'DEPMOD=true']);
        await collectBoot(tree, build, path.join(dir, 'boot'));
        await collectHeaders(tree, toolchain, path.join(dir, 'tree'));
      });
    },
  });
}

/** Debian's package holds one archive, with one folder in it. Returns that folder, as `tree` beside it. */
async function unpackTree(work: string, toolchain: Toolchain): Promise<string> {
  const packed = path.join(work, 'usr', 'src');
  const archive = (await readdir(packed)).find((name) => /^linux-source-.*\.tar\.xz$/.test(name));
  if (archive === undefined) throw new KeystormError(`The source package holds no archive in usr/src.`, 3);
  const bind = { from: packed, to: '/build/packed', writable: true };
  await toolchain.run(['tar', '--no-same-owner', '-xJf', archive], { binds: [bind], cwd: bind.to });
  const folder = (await readdir(packed)).find((name) => existsSync(path.join(packed, name, 'Kbuild')));
  if (folder === undefined) throw new KeystormError(`${archive} holds no kernel source.`, 3);
  const tree = path.join(work, 'tree');
  await rename(path.join(packed, folder), tree);
  return tree;
}

type Make = (args: readonly string[]) => Promise<string>;

/** make in the tree. Who builds it, when and where does not show in what comes out. */
function makeIn(tree: string, toolchain: Toolchain, { suffix }: SourceBuild): Make {
  const env = {
    KBUILD_BUILD_USER: 'keystorm',
    KBUILD_BUILD_HOST: 'keystorm',
    KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
    KBUILD_BUILD_VERSION: '1',
  };
  return (args) =>
    toolchain.run(['nice', 'make', `-j${availableParallelism()}`, `LOCALVERSION=${suffix}`, ...args], {
      binds: [{ from: tree, to: treePlace, writable: true }],
      cwd: treePlace,
      env,
      timeoutMs: compileMs,
    });
}

/** @throws KeystormError (3) that names the options Kconfig did not take. */
async function configure(tree: string, make: Make, { fragment }: SourceBuild): Promise<void> {
  await writeFile(path.join(tree, 'keystorm.config'), fragment);
  await make(['KCONFIG_ALLCONFIG=keystorm.config', 'allnoconfig']);
  const dropped = droppedOptions(fragment, readFileSync(path.join(tree, '.config'), 'utf8'));
  if (dropped.length > 0)
    throw new KeystormError(
      `This kernel's configuration does not take ${dropped.join(', ')}: add what they depend on to vm/image/debug/kernel.config, or leave them out.`,
      3,
    );
}

/** Says now and then how much is compiled. */
async function whileCounting(tree: string, progress: (line: string) => void, work: () => Promise<unknown>) {
  const started = performance.now();
  const timer = setInterval(() => {
    void countObjects(tree).then((objects) => {
      const minutes = ((performance.now() - started) / 60_000).toFixed(1);
      progress(`Compiling the kernel: ${objects} files after ${minutes} min.`);
    });
  }, progressMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

async function countObjects(dir: string): Promise<number> {
  let count = 0;
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) count += await countObjects(path.join(dir, entry.name));
    else if (entry.name.endsWith('.o')) count++;
  }
  return count;
}

async function collectBoot(tree: string, build: SourceBuild, out: string): Promise<void> {
  await mkdir(path.join(out, 'modules'), { recursive: true });
  await copyFile(path.join(tree, 'arch', 'x86', 'boot', 'bzImage'), path.join(out, 'bzImage'));
  await copyFile(path.join(tree, '.config'), path.join(out, 'config'));
  const installed = path.join(tree, 'installed');
  await collectModules(installed, releaseOf(build), build.bootModules, build.extraModules, out);
}

async function collectHeaders(tree: string, toolchain: Toolchain, out: string): Promise<void> {
  await mkdir(out);
  const headers = { from: out, to: '/build/headers', writable: true };
  const copy = `${headerFiles} >keystorm.files && tar --null --no-recursion -cf - -T keystorm.files | tar -xf - -C "$1"`;
  await toolchain.run(['sh', '-ec', copy, 'sh', toolchain.sees(headers)], {
    binds: [{ from: tree, to: treePlace, writable: true }, headers],
    cwd: treePlace,
  });
  const missing = ['Makefile', 'scripts/mod/modpost', 'include/generated/autoconf.h', 'Module.symvers'].filter(
    (name) => !existsSync(path.join(out, name)),
  );
  if (missing.length > 0) throw new KeystormError(`The built kernel's tree lacks ${missing.join(', ')}.`, 3);
}
