// SPDX-License-Identifier: MIT
/** What guests of a kernel that looks for faults need. */
import type { KernelDemands } from '../kernel-build.ts';

/** How many times slower under emulation an option makes a kernel, depending on how much a step allocates and locks. */
const slowing = [
  // Five to fifteen times was seen of all these together.
  { options: ['KASAN', 'PROVE_LOCKING', 'KCSAN'], slowness: 8 },
  { options: ['DEBUG_KMEMLEAK'], slowness: 4 },
] as const;

const sanitized = (slowness: number): KernelDemands => ({
  // The address sanitizer's shadow is an eighth, freed memory is kept back for a while, and each object is known to the leak detector.
  memoryMiB: 1536,
  slowness,
  cmdline: [
    // Not only the first fault of a boot.
    'kasan_multi_shot',
    // For the guest's own programs that wait for something.
    `keystorm.slowness=${slowness}`,
  ],
});

/** By the kernel's configuration, its options without CONFIG_; undefined for one that asks for no more than usual. */
export function demandsOf(config: ReadonlyMap<string, string>): KernelDemands | undefined {
  const found = slowing.find(({ options }) => options.some((name) => config.get(name) === 'y'));
  return found === undefined ? undefined : sanitized(found.slowness);
}
