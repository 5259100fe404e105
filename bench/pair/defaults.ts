// SPDX-License-Identifier: MIT
/** How often `pair` boots each guest when nothing is said. */

/** With fewer than eight blocks nothing can be told at the usual alpha; see docs/comparing.md. */
export const pairBoots = 10;
export const quickBoots = 8;
