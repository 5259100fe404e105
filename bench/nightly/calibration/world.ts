// SPDX-License-Identifier: MIT
/** Invented nights of which the truth is known: nothing ever differs from the baseline, and nothing changes. */
import type { Drift } from '../../compare/calibration/world.ts';
import { drifts } from '../../compare/calibration/world.ts';
import type { Values } from '../../compare/statistics/values.ts';
import { median } from '../../measure/median.ts';
import type { Random } from '../../plan/random.ts';

export interface World {
  readonly metrics: number;
  readonly blocks: number;
  /** Standard deviation of boots within a night, of the logarithm; half of its variance is common to all metrics of a boot. */
  readonly scatter: number;
  /** Likewise of whole nights, of all metrics alike, and its correlation with the night before. Base and new have the same. */
  readonly nightScatter: number;
  readonly likeness: number;
  /** Of the host within a night, from its first boot to its last. */
  readonly drift: Drift;
  readonly driftSize: number;
  /** So often something disturbs a boot, and all in it takes up to twice as long. */
  readonly disturbed: number;
}

export interface InventedNight {
  /** New less base, block by block, for each metric. */
  readonly compared: readonly Values[];
  /** New's figure, for each metric: the median over its boots. */
  readonly figures: readonly number[];
}

export function drawNights(world: World, count: number, random: Random): InventedNight[] {
  const renewed = Math.sqrt(1 - world.likeness ** 2);
  let own = normal(random);
  return Array.from({ length: count }, (_, night) => {
    if (night > 0) own = world.likeness * own + renewed * normal(random);
    return drawNight(world, own * world.nightScatter, random);
  });
}

function drawNight(world: World, ofNight: number, random: Random): InventedNight {
  const { metrics, blocks, drift, driftSize } = world;
  const host = drifts[drift](random, driftSize);
  const measured = Array.from({ length: blocks }, (_, block) => {
    const first = random.below(2);
    const boot = (place: number) => drawBoot(world, ofNight + host((2 * block + place) / (2 * blocks - 1)), random);
    return { base: boot(first), new: boot(1 - first) };
  });
  const all = Array.from({ length: metrics }, (_, metric) => metric);
  return {
    compared: all.map((metric) => ({
      kind: 'paired',
      differences: measured.map((block) => (block.new[metric] as number) - (block.base[metric] as number)),
    })),
    figures: all.map((metric) => median(measured.map((block) => block.new[metric] as number))),
  };
}

function drawBoot({ metrics, scatter, disturbed }: World, at: number, random: Random): number[] {
  const disturbance = disturbed > 0 && random.unit() < disturbed ? Math.log(1 + random.unit()) : 0;
  const common = at + disturbance + normal(random) * scatter * Math.SQRT1_2;
  return Array.from({ length: metrics }, () => common + normal(random) * scatter * Math.SQRT1_2);
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}
