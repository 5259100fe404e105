// SPDX-License-Identifier: MIT
/** What was seen, what was expected, and whether the two agree. */
import type { Expected } from '../../results/plan.ts';

/** What an oracle saw: `unknown` when it could not see enough, `not-applicable` when the cell has nothing to see. */
export type Property = 'held' | 'violated' | 'unknown' | 'not-applicable';

/** An oracle's answer, with one sentence that would convince a reader. */
export interface Finding {
  readonly property: Property;
  readonly evidence: string;
  /** Of what is unknown: that in each boot more requests would have decided it. */
  readonly lacks?: 'requests';
}

export interface Verdict extends Finding {
  /** An oracle's name, or of checks that of the property. */
  readonly oracle: string;
  readonly expected: Expected;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly dimensions: Readonly<Record<string, string | number>>;
}

/**
 * A verdict passes when what was seen is what was expected, and fails when it is the opposite. What was not seen is
 * neither, unless nothing in particular was expected.
 */
export function verdictOf(property: Property, expected: Expected): Verdict['verdict'] {
  if (expected === 'any') return 'pass';
  if (property === 'unknown' || property === 'not-applicable') return 'unknown';
  return property === expected ? 'pass' : 'fail';
}
