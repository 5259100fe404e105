// SPDX-License-Identifier: MIT
/** Every kernel that can be asked for, whoever makes it. */
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { demandsOf } from './debug/demands.ts';
import { debugKernels } from './debug/maker.ts';
import type { KernelBuild, KernelChoice, KernelContext, KernelEntry, KernelMaker } from './kernel-build.ts';
import { packagedKernels } from './packaged-kernels.ts';
import { inspectTree } from './tree/inspect.ts';
import { hasFailslab } from './tree/needed-options.ts';
import { openTree } from './tree/own-tree.ts';

const makers: readonly KernelMaker[] = [packagedKernels, debugKernels];

/** Kernels that have names, in the order in which they are listed. */
export function kernelEntries(): KernelEntry[] {
  return makers.flatMap((maker) => maker.entries());
}

/** Those of them that the cache holds, by name. */
export function cachedKernels(cache: Cache = Cache.standard()): string[] {
  return makers.flatMap((maker) => maker.entries().flatMap(({ name }) => (maker.isCached(name, cache) ? [name] : [])));
}

/** What is known of the kernel called `name`, from committed files alone. KeystormError (exit 2) names the known ones. */
export function kernelEntry(name: string): KernelEntry {
  const found = kernelEntries().find((entry) => entry.name === name);
  return found ?? unknown(name);
}

/**
 * The kernel that is meant; asks a mirror only if its packages are not in the cache.
 * @throws KeystormError (2) that names the known ones, or says why a tree will not do.
 */
export async function openKernel(
  { kernel: name, kernelTree }: KernelChoice,
  context: KernelContext,
): Promise<KernelBuild> {
  if (kernelTree !== undefined) return await openTree(kernelTree, context);
  const maker = makers.find((each) => each.entries().some((entry) => entry.name === name));
  return await (maker ?? unknown(name)).open(name, context);
}

/**
 * Whether the kernel can be told to let an allocation fail (`failingOptions`).
 * @throws KeystormError (2) as openKernel does.
 */
export function canFailAllocations({ kernel, kernelTree }: KernelChoice): boolean {
  if (kernelTree !== undefined) return hasFailslab(inspectTree(kernelTree).config);
  return kernelEntry(kernel).allocationsFail === true;
}

/**
 * How many times longer than Debian's kernel its guests may take for anything, at least 1: what a provider says once it is prepared
 * (`MachineProvider.slowness`), before anything is fetched or built.
 * @throws KeystormError (2) as openKernel does.
 */
export function slownessOf({ kernel, kernelTree }: KernelChoice): number {
  if (kernelTree !== undefined) return demandsOf(inspectTree(kernelTree).config)?.slowness ?? 1;
  return kernelEntry(kernel).slowness ?? 1;
}

/** KeystormError (exit 2) says why the tree at `dir` will not do. A look only: nothing of it is read through. */
export function demandKernelTree(dir: string): void {
  inspectTree(dir);
}

function unknown(name: string): never {
  const known = kernelEntries().map((entry) => entry.name);
  throw new KeystormError(`There is no kernel "${name}"; known are: ${known.join(', ')}.`);
}
