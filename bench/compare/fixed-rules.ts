// SPDX-License-Identifier: MIT
/** Runs that were measured in turn know by what they were to be compared: it was fixed before either had a figure. */
import { isDeepStrictEqual } from 'node:util';
import type { Pair } from '../../results/manifest.ts';
import type { ComparisonRules } from './figures.ts';
import type { Sides } from './side.ts';

/** The rules that both runs were begun with as a pair; null if they are none. */
export function rulesFixedFor({ kind, base, new: other }: Sides): ComparisonRules | null {
  const [one, two] = [base.run.manifest.pair, other.run.manifest.pair];
  if (kind === 'mechanisms' || one === undefined || two === undefined) return null;
  const { side: first, ...same } = one;
  const { side: second, ...others } = two;
  if (first === second || !isDeepStrictEqual(same, others)) return null;
  return rulesIn(one);
}

/** One sentence if what was fixed is not what is done. */
export function rulesNote(fixed: ComparisonRules | null, done: ComparisonRules): string[] {
  if (fixed === null || isDeepStrictEqual(fixed, done)) return [];
  const was = `alpha ${fixed.alpha}, delta ${fixed.deltas.ratio}`;
  return [
    `Other rules were fixed before these runs were measured (${was}): those asked for now were chosen knowing them.`,
  ];
}

function rulesIn({ alpha, deltas }: Pair): ComparisonRules {
  return { alpha, deltas };
}
