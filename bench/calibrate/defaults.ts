// SPDX-License-Identifier: MIT
/** How much `calibrate` records and draws when nothing is said. */

/** Blocks to record: with two undelayed runs, eighty boots without a difference. */
export const standardBoots = 40;
export const quickBoots = 12;
export const standardBlocksEach = 10;
export const standardComparisons = 500;
export const standardTrials = 50;
export const standardDelays = [3, 10];
/** Layouts to record where instructions are counted, however short their windows. */
export const countedBoots = 12;
export const countedComparisons = 200;
export const standardAdditions = [1];
