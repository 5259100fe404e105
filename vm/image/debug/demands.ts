// SPDX-License-Identifier: MIT
/** What guests of a kernel that looks for faults need. */
import type { KernelDemands } from '../kernel-build.ts';

/** Five to fifteen times was seen under emulation, depending on how much a step allocates and locks. */
const slowness = 8;

const sanitized: KernelDemands = {
  // The address sanitizer's shadow is an eighth, freed memory is kept back for a while, and each object is known to the leak detector.
  memoryMiB: 1536,
  slowness,
  cmdline: [
    // Not only the first fault of a boot.
    'kasan_multi_shot',
    // For the guest's own programs that wait for something.
    `keystorm.slowness=${slowness}`,
  ],
};

/** Any of these makes a kernel many times slower. */
const slowing = ['KASAN', 'PROVE_LOCKING', 'DEBUG_KMEMLEAK', 'KCSAN'] as const;

/** By the kernel's configuration, its options without CONFIG_; undefined for one that asks for no more than usual. */
export function demandsOf(config: ReadonlyMap<string, string>): KernelDemands | undefined {
  return slowing.some((name) => config.get(name) === 'y') ? sanitized : undefined;
}
