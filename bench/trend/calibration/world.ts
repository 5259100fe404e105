// SPDX-License-Identifier: MIT
/** Invented histories for trying the watch on: whether and when something changed in them is known. */
import { median } from '../../measure/median.ts';
import type { Random } from '../../plan/random.ts';

export interface World {
  /** Series that are watched together. */
  readonly series: number;
  readonly boots: number;
  /** Standard deviation of boots within a night, of the logarithm. */
  readonly scatter: number;
  /** Likewise of whole nights, on top. */
  readonly nightScatter: number;
  /** Correlation of whole nights with the night before. */
  readonly likeness: number;
  /** So often something disturbs a night, and all in it takes up to twice as long; and likewise a boot. */
  readonly disturbedNights: number;
  readonly disturbedBoots: number;
  /** The logarithm of a step in one series; 0: nothing changes. */
  readonly step: number;
  /** Nights before the step, from least to most. */
  readonly nightsBefore: readonly [number, number];
}

export const nightsOfYear = 365;

/** One series of `nights` nights, as logarithms, with the step from night `step` on. */
export function drawSeries(world: World, nights: number, step: number, random: Random): number[] {
  const { boots, scatter, nightScatter, likeness, disturbedNights, disturbedBoots } = world;
  const renewed = Math.sqrt(1 - likeness ** 2);
  const disturbance = (share: number) => (share > 0 && random.unit() < share ? Math.log(1 + random.unit()) : 0);
  let own = normal(random);
  return Array.from({ length: nights }, (_, night) => {
    if (night > 0) own = likeness * own + renewed * normal(random);
    const common = own * nightScatter + disturbance(disturbedNights) + (night >= step ? world.step : 0);
    if (scatter === 0) return common;
    return median(Array.from({ length: boots }, () => common + normal(random) * scatter + disturbance(disturbedBoots)));
  });
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}
