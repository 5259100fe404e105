// SPDX-License-Identifier: MIT
/** From recorded runs to what a host is worth. */

import { KeystormError } from '../../vm/failure.ts';
import type { Compared, ComparisonRules, Figures } from '../compare/figures.ts';
import type { Side, Sides } from '../compare/side.ts';
import { median } from '../measure/median.ts';
import { type Random, randomOf } from '../plan/random.ts';
import type { Certificate } from './certificate.ts';
import { rateOf, type Trial } from './rate.ts';
import { against, drawBlocks, figuresOf, swapped, type Twins, wholeBlocks } from './repaired.ts';

/** A run whose agents were delayed, and by how much. */
export interface Delayed {
  readonly side: Side;
  readonly percent: number;
  readonly delayNs: number;
}

const p50 = 'upcall.latency.p50';

export interface Recording {
  readonly plain: Twins;
  readonly delayed: readonly Delayed[];
}

export interface AnalysisOptions {
  readonly rules: ComparisonRules;
  /** Of how many blocks a comparison is. */
  readonly blocksEach: number;
  readonly comparisons: number;
  readonly seed: number;
}

export type Analysis = Pick<
  Certificate,
  'blocks' | 'blocksEach' | 'disjoint' | 'comparisons' | 'metrics' | 'alarms' | 'rejections' | 'detectable' | 'power'
>;

/** Pure: the same runs and seed give the same figures. @throws KeystormError (4) where too few blocks came to their end. */
export function analyse({ plain, delayed }: Recording, options: AnalysisOptions): Analysis {
  const { rules, comparisons, seed } = options;
  const blocks = demandBlocks([...plain, ...delayed.map(({ side }) => side)], options.blocksEach);
  const random = randomOf(seed);
  const { draws, ...alike } = analyseAlike((drawn) => swapped(plain, drawn, random), blocks, options, random, p50);
  const power = delayed.map(({ side, percent, delayNs }) => {
    const seen = draws.map((drawn) => ({
      drawn,
      figures: figuresOf(against(plain, side, drawn, random), drawn, rules),
    }));
    const share = (of: (figures: Figures) => boolean) => seen.filter(({ figures }) => of(figures)).length / comparisons;
    const found = seen.map(({ drawn, figures }) => ({ blocks: drawn, happened: any(figures, 'regressed') }));
    return {
      percent,
      delayNs,
      found: rateOf(found, blocks),
      underpowered: share((figures) => !any(figures, 'regressed') && any(figures, 'underpowered')),
      unchanged: share(({ metrics }) => metrics.every(({ outcome }) => outcome === 'unchanged')),
      ratio: middleOf(seen, p50, ({ value }) => value),
      detectable: middleOf(seen, p50, ({ detectable }) => detectable),
    };
  });
  return { ...alike, power };
}

/** Blocks that came to their end in every run. @throws KeystormError (4) where they are fewer than one comparison takes. */
export function demandBlocks(sides: readonly Side[], blocksEach: number): number[] {
  const blocks = wholeBlocks(sides);
  if (blocks.length >= blocksEach) return blocks;
  throw new KeystormError(
    `${blocks.length} blocks came to their end in every run, and a comparison is of ${blocksEach}: record more, or compare fewer.`,
    4,
  );
}

/**
 * What is said of two runs of which nothing differs. `sidesOf`: which of them is base, for these blocks; `of`: the metric whose minimum detectable effect
 * is told.
 */
export function analyseAlike(
  sidesOf: (drawn: readonly number[]) => Sides,
  blocks: readonly number[],
  { rules, blocksEach, comparisons }: AnalysisOptions,
  random: Random,
  of: string,
): Omit<Analysis, 'power'> & { readonly draws: readonly (readonly number[])[] } {
  const draws = Array.from({ length: comparisons }, () => drawBlocks(blocks, blocksEach, random));
  const same = draws.map((drawn) => ({ drawn, figures: figuresOf(sidesOf(drawn), drawn, rules) }));
  const trials = (happened: (figures: Figures) => boolean): Trial[] =>
    same.map(({ drawn, figures }) => ({ blocks: drawn, happened: happened(figures) }));
  return {
    draws,
    blocks: blocks.length,
    blocksEach,
    disjoint: Math.floor(blocks.length / blocksEach),
    comparisons,
    metrics: Math.max(1, ...same.map(({ figures }) => figures.metrics.length)),
    alarms: rateOf(
      trials((figures) => any(figures, 'regressed') || any(figures, 'improved')),
      blocks,
    ),
    rejections: rateOf(
      trials(({ metrics }) => metrics.some(({ chance }) => chance !== null && chance <= rules.alpha)),
      blocks,
    ),
    detectable: middleOf(same, of, ({ detectable }) => detectable),
  };
}

function any({ metrics }: Figures, wanted: Compared['outcome']): boolean {
  return metrics.some(({ outcome }) => outcome === wanted);
}

/** The median over comparisons of something of that metric; null where most have none. */
function middleOf(
  seen: readonly { readonly figures: Figures }[],
  wanted: string,
  of: (metric: Compared) => number | null,
): number | null {
  const values = seen.flatMap(({ figures }) => {
    const metric = figures.metrics.find(({ name }) => name === wanted);
    const value = metric === undefined ? null : of(metric);
    return value === null ? [] : [value];
  });
  return values.length * 2 < seen.length || values.length === 0 ? null : median(values);
}
