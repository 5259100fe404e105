// SPDX-License-Identifier: MIT
/** What a plan takes of choices of a user's, where no plan is made. */

/** Under TCG latency is measured on one vCPU: a wake-up between two costs more than a whole upcall. */
export const usualSmp = 1;

/** How many times each window can be measured in each boot: more a command does not take. */
export const mostRepeats = 99;
