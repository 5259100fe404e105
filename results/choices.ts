// SPDX-License-Identifier: MIT
/** What can be chosen of a plan, and how much of it: for the schema, and for whoever offers it to a user without reading plans. */

export const accelerators = ['auto', 'tcg', 'kvm'] as const;
/** `icount`: guests count their instructions in place of time, and do the same in every run (docs/deterministic.md). */
export const clocks = ['wall', 'icount'] as const;

/** The longest an agent may be told to be busy before each answer. */
export const longestDelayNs = 100_000_000;

/** Numbers of arrangements. */
export const mostArrangement = 999;

/** Of what a module may be told to execute in vain in each upcall. */
export const mostPathInstructions = 10_000_000;

/** More parts than any lab has machines. */
export const mostShards = 9_999;
