// SPDX-License-Identifier: MIT
/** What `trend` goes by when nothing is said. */
import { type Deltas, defaultDeltas as ofCompare } from '../compare/judged.ts';

/** False alarms in so many nights, in all series together. */
export const budgetNights = 365;
export const defaultBudget = 2;

/** A step of the ratio of 1% matters: a history tells apart what two runs cannot. The others are those of `compare`. */
export const defaultDeltas: Deltas = { ...ofCompare, ratio: 0.01 };
