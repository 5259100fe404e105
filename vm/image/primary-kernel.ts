// SPDX-License-Identifier: MIT

/** The kernel that is meant when none is named, and on which `npm test` runs its guests. */
export const primaryKernel = '6.1';
