// SPDX-License-Identifier: MIT
/** Every kernel that can be asked for, whoever makes it. */
import { KeystormError } from '../failure.ts';
import { debugKernels } from './debug/maker.ts';
import type { KernelBuild, KernelContext, KernelEntry, KernelMaker } from './kernel-build.ts';
import { packagedKernels } from './packaged-kernels.ts';

const makers: readonly KernelMaker[] = [packagedKernels, debugKernels];

/** The kernel that is meant when none is named, and on which `npm test` runs its guests. */
export const primaryKernel = '6.1';

/** Kernels that have names, in the order in which they are listed. */
export function kernelEntries(): KernelEntry[] {
  return makers.flatMap((maker) => maker.entries());
}

/** What is known of the kernel called `name`, from committed files alone. KeystormError (exit 2) names the known ones. */
export function kernelEntry(name: string): KernelEntry {
  const found = kernelEntries().find((entry) => entry.name === name);
  return found ?? unknown(name);
}

/** The kernel called `name`; asks a mirror only if its packages are not in the cache. KeystormError (exit 2) names the known ones. */
export async function openKernel(name: string, context: KernelContext): Promise<KernelBuild> {
  const maker = makers.find((each) => each.entries().some((entry) => entry.name === name));
  return await (maker ?? unknown(name)).open(name, context);
}

function unknown(name: string): never {
  const known = kernelEntries().map((entry) => entry.name);
  throw new KeystormError(`There is no kernel "${name}"; known are: ${known.join(', ')}.`);
}
