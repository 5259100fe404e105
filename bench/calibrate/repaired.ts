// SPDX-License-Identifier: MIT
/** Comparisons that might have been: recorded runs, put together anew block by block. */

import { type ComparisonRules, compareFigures, type Figures } from '../compare/figures.ts';
import { isCounted, type Side, type Sides } from '../compare/side.ts';
import type { Metric } from '../measure/metric.ts';
import type { Random } from '../plan/random.ts';

/** Two runs of the same, measured in turn and told apart by nothing; boot number b of each is of block b. */
export type Twins = readonly [Side, Side];

/** Blocks that came to their end in all of these runs. */
export function wholeBlocks(sides: readonly Side[]): number[] {
  const finished = sides.map(
    ({ boots }) => new Set(boots.filter((boot) => boot.finished).map(({ plan }) => plan.index)),
  );
  const [first, ...others] = finished;
  return [...(first ?? [])].filter((block) => others.every((each) => each.has(block))).sort((a, b) => a - b);
}

/** So many of these blocks, each at most once, in their order. */
export function drawBlocks(blocks: readonly number[], each: number, random: Random): number[] {
  return random
    .shuffle(blocks)
    .slice(0, each)
    .sort((a, b) => a - b);
}

/** Both sides of a comparison of two runs of which nothing differs: for each block a coin says which is base. */
export function swapped([one, two]: Twins, blocks: readonly number[], random: Random): Sides {
  const turned = new Set(blocks.filter(() => random.below(2) === 1));
  return { kind: 'runs', base: mixed(one, two, turned), new: mixed(two, one, turned) };
}

/**
 * The same where nothing drifts, by one coin for all blocks: two builds that differ by accident do so in all of them, and a coin for each would have that
 * cancel.
 */
export function turned([one, two]: Twins, random: Random): Sides {
  return random.below(2) === 1 ? { kind: 'runs', base: two, new: one } : { kind: 'runs', base: one, new: two };
}

/** Base, for each block, one of the two plain runs by a coin; new as it is. */
export function against([one, two]: Twins, other: Side, blocks: readonly number[], random: Random): Sides {
  const turned = new Set(blocks.filter(() => random.below(2) === 1));
  return { kind: 'runs', base: mixed(one, two, turned), new: other };
}

/** What compare makes of the figures of these blocks. */
export function figuresOf(sides: Sides, blocks: readonly number[], rules: ComparisonRules): Figures {
  const design = {
    kind: isCounted(sides.base) ? ('same-layout' as const) : ('interleaved' as const),
    blocks: blocks.map((block) => ({ base: [block], new: [block] })),
    left: { base: [], new: [] },
    atOnce: false,
  };
  return compareFigures(sides, design, rules);
}

/** A side with the figures of another in these blocks. */
function mixed(side: Side, other: Side, turned: ReadonlySet<number>): Side {
  const others = new Map(other.metrics.map((metric) => [keyOf(metric), metric]));
  const metrics = side.metrics.map((metric) => {
    const twin = others.get(keyOf(metric));
    if (twin === undefined) return metric;
    const samples = metric.samples.map((sample) => {
      if (!turned.has(sample.boot)) return sample;
      return twin.samples.find(({ boot }) => boot === sample.boot) ?? sample;
    });
    return { ...metric, samples };
  });
  return { ...side, metrics };
}

function keyOf({ name, unit, dimensions }: Metric): string {
  return JSON.stringify([name, unit, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
