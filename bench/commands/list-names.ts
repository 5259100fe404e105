// SPDX-License-Identifier: MIT

/** What `list` lists, in the order in which it does. */
export const listNames = ['mechanisms', 'scenarios', 'faults', 'kernels', 'runs', 'examples'] as const;

export type ListName = (typeof listNames)[number];
