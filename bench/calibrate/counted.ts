// SPDX-License-Identifier: MIT
/** From recorded runs of guests that count instructions to what comparing such runs is worth. */

import { KeystormError } from '../../vm/failure.ts';
import type { Figures } from '../compare/figures.ts';
import { comparedAs } from '../compare/judged.ts';
import type { Side } from '../compare/side.ts';
import { typicalCount } from '../measure/counted-names.ts';
import { median } from '../measure/median.ts';
import type { Sample } from '../measure/metric.ts';
import { type Random, randomOf } from '../plan/random.ts';
import { type Analysis, type AnalysisOptions, analyseAlike, demandBlocks } from './analyse.ts';
import { shareAtLeast, shareAtMost } from './binomial.ts';
import type { Addition, Counted } from './certificate.ts';
import { drawBlocks, figuresOf, type Twins, turned } from './repaired.ts';

/** A run whose module executed so many instructions more in each upcall. */
export interface Longer {
  readonly side: Side;
  readonly percent: number;
  readonly instructions: number;
}

export interface CountedRecording {
  /** Of one source, arranged in two ways. */
  readonly plain: Twins;
  /** Arranged as the first of them. */
  readonly longer: readonly Longer[];
}

export interface CountedOptions extends AnalysisOptions {
  /** Blinded, of each addition and of each arrangement it is held against. */
  readonly trials: number;
}

/**
 * Pure: the same runs and seed give the same figures. Each run is of one load. @throws KeystormError (4) where too few layouts came to their end, or have
 * counted a request in each run.
 */
export function analyseCounted(
  { plain, longer }: CountedRecording,
  options: CountedOptions,
): Analysis & { readonly counted: Counted } {
  const sides = [...plain, ...longer.map(({ side }) => side)];
  const blocks = demandCounts(sides, demandBlocks(sides, options.blocksEach), options.blocksEach);
  const random = randomOf(options.seed);
  const { draws: _, ...alike } = analyseAlike(() => turned(plain, random), blocks, options, random, typicalCount);
  const builds = [
    ['same', plain[0]],
    ['other', plain[1]],
  ] as const;
  const additions = longer.flatMap((each) =>
    builds.map(([build, against]): Addition => additionOf(each, build, against, blocks, options, random)),
  );
  const { share } = alike.alarms;
  const alarmsAtMost = shareAtMost(Math.round(share * options.comparisons), options.comparisons);
  return { ...alike, power: [], counted: { alarmsAtMost, trials: options.trials, additions } };
}

/** Those in which each run has what a request takes. @throws KeystormError (4) where they are fewer than one comparison takes. */
function demandCounts(sides: readonly Side[], blocks: readonly number[], blocksEach: number): number[] {
  const lacking = new Map<number, string>();
  for (const block of blocks) {
    for (const side of sides) {
      const { value = null, reason = 'not-measured' } = typicalSamples(side).find(({ boot }) => boot === block) ?? {};
      if (value === null) lacking.set(block, reason);
    }
  }
  const counted = blocks.filter((block) => !lacking.has(block));
  if (counted.length >= blocksEach) return counted;
  const reasons = [...new Set(lacking.values())].join(', ');
  throw new KeystormError(
    `In ${counted.length} of the ${blocks.length} layouts that came to their end each run has a count of instructions of a request (in others: ${reasons}), and a comparison is of ${blocksEach}: record more, or compare fewer.`,
    4,
  );
}

interface Seen {
  readonly found: boolean;
  readonly ratio: number;
  readonly truth: number;
}

function additionOf(
  longer: Longer,
  build: Addition['build'],
  against: Side,
  blocks: readonly number[],
  options: CountedOptions,
  random: Random,
): Addition {
  const seen = Array.from({ length: options.trials }, () => trial(longer, against, blocks, options, random));
  const found = seen.filter((each) => each.found).length;
  return {
    ...{ percent: longer.percent, instructions: longer.instructions, build },
    found: found / options.trials,
    foundAtLeast: shareAtLeast(found, options.trials),
    truth: median(seen.map(({ truth }) => truth)),
    ratio: median(seen.map(({ ratio }) => ratio)),
    worst: Math.max(...seen.map(({ ratio, truth }) => Math.abs(ratio - truth))),
  };
}

/** Which side has the addition is drawn; what compares them is given figures, and calls the new side worse or better. */
function trial(
  { side, instructions }: Longer,
  against: Side,
  blocks: readonly number[],
  { rules, blocksEach }: CountedOptions,
  random: Random,
): Seen {
  const drawn = drawBlocks(blocks, blocksEach, random);
  const inNew = random.below(2) === 1;
  const sides = { kind: 'runs' as const, base: inNew ? against : side, new: inNew ? side : against };
  const figures = figuresOf(sides, drawn, rules);
  const typical = typicalOf(figures);
  const usual = typicalValues(against, drawn);
  return {
    found: typical?.outcome === (inNew ? 'regressed' : 'improved'),
    ratio: typical?.value == null ? Number.NaN : inNew ? typical.value : 1 / typical.value,
    truth: 1 + instructions / usual,
  };
}

function typicalOf({ metrics }: Figures) {
  return metrics.find(({ name }) => name === typicalCount);
}

/** Instructions of a request without the addition, the mean over these layouts; NaN where none has a count. */
export function typicalValues(side: Side, blocks?: readonly number[]): number {
  const values = typicalSamples(side).flatMap(({ boot, value }) =>
    value !== null && (blocks === undefined || blocks.includes(boot)) ? [value] : [],
  );
  return values.length === 0 ? Number.NaN : values.reduce((sum, each) => sum + each, 0) / values.length;
}

function typicalSamples({ metrics }: Side): readonly Sample[] {
  const metric = metrics.find((each) => each.name === typicalCount && comparedAs(each) !== null);
  return metric?.samples ?? [];
}
