// SPDX-License-Identifier: MIT
/** What `nightly` goes by when nothing is said. See docs/nightly.md for the false alerts that it makes. */
import { defaultBudget, defaultDeltas as trendDeltas } from '../trend/rules.ts';
import type { Choice } from '../trend/trend.ts';

/** Half of what `compare` takes: it is spent anew on each of 365 nights. */
export const nightlyAlpha = 0.005;

/** Blocks that find no less at this alpha than ten at that of `compare`; and the fewest that can find anything. */
export const nightlyBoots = 12;
export const quickNightlyBoots = 9;

/** Boots of new that fail in a way in which none of the baseline's does, and are an alert: one may fail by itself. */
export const leastFailures = 2;

/** As `trend` has it. */
export const nightlyTrend: Choice = { budget: defaultBudget, deltas: trendDeltas };
