// SPDX-License-Identifier: MIT

/** Compared request by request: by how much the path that they all go has become longer. */
export const typicalCount = 'upcall.instructions.typical';
/** Compared as a whole, rare and costly requests in it. */
export const meanCount = 'upcall.instructions.mean';
/** Why there is neither where no request was answered. */
export const noneOk = 'no-ok-requests';
