// SPDX-License-Identifier: MIT
/** The maker of kernels that Debian packages: those of the lock file. */
import type { Cache } from '../cache.ts';
import { hashJson, type Json } from '../hash.ts';
import { attempt } from '../host/command.ts';
import { codename, readOsRelease } from '../host/os-release.ts';
import type { PackageFile } from './apt.ts';
import { DebStore } from './debs.ts';
import {
  fromLock,
  headersOf,
  headersProduct,
  kernelProduct,
  kernelRecipe,
  type ResolvedKernel,
  resolveKernel,
} from './kernel.ts';
import type { KernelBuild, KernelContext, KernelMaker } from './kernel-build.ts';
import { type LockedKernel, readLock } from './lock.ts';
import { aptOf } from './suites.ts';
import { hostToolchain } from './toolchain/host.ts';
import { toolchain } from './toolchain/suite.ts';
import type { Toolchain } from './toolchain/toolchain.ts';

/** Beside the compiler: what kbuild's programs are linked to, and what unpacks a kernel and its modules. */
const moduleTools = ['make', 'libelf-dev', 'libssl-dev', 'lz4', 'xz-utils', 'zstd'] as const;

export const packagedKernels: KernelMaker = {
  entries: () =>
    readLock().kernels.map(({ name, release, version, suite, packages }) => ({
      name,
      description: `${release}, Debian ${suite}, package version ${version}`,
      release,
      version,
      identity: identityOf(packages.filter(({ role }) => role === 'image')),
      needsNamespaces: !isHosts(suite),
    })),
  isCached: (name, cache) => cache.holds(kernelRecipe(fromLock(lockedKernel(name)))),
  open: async (name, { cache, locked, progress }) => {
    const entry = lockedKernel(name);
    const debs = new DebStore(cache, aptOf(cache, entry.suite, progress));
    const kernel = await resolveKernel(entry, locked, debs, progress);
    const compilers = await compilersOf(entry.suite, kernel.compiler, cache, progress);
    return kernelBuild(name, kernel, { cache, debs, progress, ...compilers });
  },
};

/**
 * The kernel of that release and version which somebody runs, as far as modules are concerned: what Debian's suite packages for it.
 * Undefined when it has that no more, or never had. It cannot be booted.
 */
export async function openRunningKernel(
  { release, version, suite }: Pick<LockedKernel, 'release' | 'version' | 'suite'>,
  { cache, progress }: Pick<KernelContext, 'cache' | 'progress'>,
): Promise<KernelBuild | undefined> {
  const debs = new DebStore(cache, aptOf(cache, suite, progress));
  const kernel = await headersOf(release, version, debs.apt);
  if (kernel === undefined) return undefined;
  const compilers = await compilersOf(suite, kernel.compiler, cache, progress);
  return kernelBuild(release, kernel, { cache, debs, progress, ...compilers });
}

/** The compiler of a suite and what builds modules with it: the host's own where it is of that suite. */
export async function compilersOf(
  suite: string,
  compiler: string,
  cache: Cache,
  progress: (line: string) => void,
): Promise<Pick<Parts, 'compilers' | 'compilersAre'>> {
  const own = isHosts(suite);
  return {
    compilers: async () => (own ? hostToolchain : await toolchain(cache, suite, [compiler, ...moduleTools], progress)),
    compilersAre: [suite, own ? await versionOnHost(compiler) : compiler],
  };
}

interface Parts {
  readonly cache: Cache;
  readonly debs: DebStore;
  readonly progress: (line: string) => void;
  /** Those of the host where it is of the kernel's suite: there they are among what it must have. */
  readonly compilers: () => Promise<Toolchain>;
  /** What a module depends on of them: a version of the host's, or a name in a suite, whose toolchain is made once and kept. */
  readonly compilersAre: Json;
}

function kernelBuild(name: string, kernel: ResolvedKernel, parts: Parts): KernelBuild {
  const { cache, debs, progress, compilers, compilersAre } = parts;
  return {
    name,
    release: kernel.release,
    version: kernel.version,
    identity: identityOf(kernel.image),
    notes: kernel.notes,
    boot: () => kernelProduct(cache, kernel, debs, compilers, progress),
    moduleInputs: { headers: kernel.headers.map((file) => file.sha256), compilers: compilersAre },
    moduleTree: async () => ({
      dir: (await headersProduct(cache, kernel, debs, progress)).dir,
      make: `usr/src/linux-headers-${kernel.release}`,
      toolchain: await compilers(),
    }),
  };
}

/** Its compilers are then the host's. */
function isHosts(suite: string): boolean {
  return suite === codename(readOsRelease());
}

/** Null where it is not installed yet: then it cannot have built anything. */
async function versionOnHost(compiler: string): Promise<string | null> {
  const result = await attempt(compiler, ['-dumpfullversion']).catch(() => null);
  return result?.stdout.trim() ?? null;
}

function identityOf(image: readonly PackageFile[]): string {
  return hashJson(image.map((file) => file.sha256));
}

function lockedKernel(name: string): LockedKernel {
  const found = readLock().kernels.find((kernel) => kernel.name === name);
  if (found === undefined) throw new Error(`no kernel ${name} in the lock file`);
  return found;
}
