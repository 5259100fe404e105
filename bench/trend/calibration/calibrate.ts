// SPDX-License-Identifier: MIT
/** How often the watch of `trend` is wrong where the truth is known, and how soon it is right. */
import { type Random, randomOf } from '../../plan/random.ts';
import { watch } from '../statistics/monitor.ts';
import { mostThatCanBeFound } from './bound.ts';
import { drawSeries, nightsOfYear, type World } from './world.ts';

/** Within so many nights, the one on which it comes included. */
export const deadlines = [5, 10, 20, 40] as const;

export type Calibration =
  | {
      readonly kind: 'still';
      readonly years: number;
      /** Alarms a year in all series together: the mean over years, the most of any, and the share of years with at least 4. */
      readonly mean: number;
      readonly most: number;
      readonly fourOrMore: number;
    }
  | {
      readonly kind: 'step';
      readonly steps: number;
      /** Of steps those that raised an alarm in their direction within each of the deadlines. */
      readonly found: readonly number[];
      /** The most that anything could find within each: see bound.ts. */
      readonly bound: readonly number[];
      /** Of those found in the last of the deadlines: nights between where the step is and where it was said to be, the median; null without any. */
      readonly misplaced: number | null;
      /** Of steps those before which there was a false alarm. */
      readonly falseBefore: number;
    };

/** What there is to be said to `watch` beside the values. */
export interface Rules {
  /** False alarms in 365 nights, in all series together. */
  readonly budget: number;
  /** Of the logarithm. */
  readonly delta: number;
  readonly resolution: number;
}

/** Pure: the same seed gives the same figures. `size`: years of all series, or steps. */
export function calibrate(world: World, size: number, seed: number, rules: Rules): Calibration {
  const random = randomOf(seed);
  return world.step === 0 ? ofStill(world, size, random, rules) : ofSteps(world, size, random, rules);
}

function ofStill(world: World, years: number, random: Random, rules: Rules): Calibration {
  const counts = Array.from({ length: years }, () => {
    let alarms = 0;
    for (let i = 0; i < world.series; i++)
      alarms += alarmsIn(drawSeries(world, nightsOfYear, nightsOfYear, random), world, rules).length;
    return alarms;
  });
  return {
    kind: 'still',
    years,
    mean: counts.reduce((sum, each) => sum + each, 0) / years,
    most: Math.max(...counts),
    fourOrMore: counts.filter((each) => each >= 4).length / years,
  };
}

function ofSteps(world: World, steps: number, random: Random, rules: Rules): Calibration {
  const last = Math.max(...deadlines);
  const found = deadlines.map(() => 0);
  const places: number[] = [];
  let falseBefore = 0;
  const [least, most] = world.nightsBefore;
  for (let i = 0; i < steps; i++) {
    const step = least + random.below(most - least + 1);
    const alarms = alarmsIn(drawSeries(world, step + last, step, random), world, rules);
    if (alarms.some(({ at }) => at < step)) falseBefore++;
    const first = alarms.find(({ at, shift }) => at >= step && shift > 0);
    if (first === undefined) continue;
    places.push(Math.abs(first.from - step));
    deadlines.forEach((deadline, k) => {
      if (first.at < step + deadline) found[k] = (found[k] ?? 0) + 1;
    });
  }
  places.sort((a, b) => a - b);
  return {
    kind: 'step',
    steps,
    found: found.map((each) => each / steps),
    bound: deadlines.map((deadline) => mostThatCanBeFound(world, deadline, rateOf(world, rules))),
    misplaced: places[places.length >> 1] ?? null,
    falseBefore: falseBefore / steps,
  };
}

function alarmsIn(values: readonly number[], world: World, rules: Rules) {
  const rate = rateOf(world, rules);
  const { delta, resolution } = rules;
  return watch({ values, resets: new Set(), rate: () => rate, delta, resolution }).alarms;
}

function rateOf({ series }: World, { budget }: Rules): number {
  return budget / (series * nightsOfYear);
}
