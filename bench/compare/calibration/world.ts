// SPDX-License-Identifier: MIT
/** Invented boots for trying the statistics on: what differs between them is known. */
import type { Random } from '../../plan/random.ts';
import type { Values } from '../statistics/values.ts';

/** How the host's speed changes while boots are measured, as a logarithm, from the first boot (0) to the last (1). */
export const drifts = {
  none: () => () => 0,
  /** It gets hotter. */
  line: (_: Random, size: number) => (at: number) => size * at,
  /** Day and night, from a random hour on. */
  wave: (random: Random, size: number) => {
    const phase = random.unit();
    return (at: number) => (size / 2) * Math.sin(2 * Math.PI * (at + phase));
  },
  /** Somebody else begins to use it, at a random moment, and stays. */
  step: (random: Random, size: number) => {
    const moment = random.unit();
    return (at: number) => (at < moment ? 0 : size);
  },
} as const;
export type Drift = keyof typeof drifts;

/** How boots of base and new come one after the other. */
export const orders = [
  /** One run, base and new in every boot, in a random order. */
  'same-boot',
  /** Blocks of two boots, one of each, in a random order. */
  'interleaved',
  /** First all of base, then all of new. */
  'separate',
] as const;
export type Order = (typeof orders)[number];

export interface World {
  readonly order: Order;
  /** Blocks, or boots a side. */
  readonly boots: number;
  readonly metrics: number;
  /** Standard deviation of boots, of the logarithm; half of its variance is common to all metrics of a boot. */
  readonly scatter: number;
  readonly drift: Drift;
  /** Of the drift from the first boot to the last. */
  readonly driftSize: number;
  /** So often something disturbs a boot, and all in it takes up to twice as long. */
  readonly disturbed: number;
  /** ln(new/base) of the first metric; all others do not differ. */
  readonly difference: number;
}

/** The logarithms of new and base, metric by metric, as `compare` would take them from runs. */
export function draw(world: World, random: Random): Values[] {
  const { order, boots, metrics } = world;
  const places = placesOf(order, boots, random);
  const drift = drifts[world.drift](random, world.driftSize);
  const last = Math.max(...places.flatMap(({ base, new: other }) => [base, other]));
  const measured = places.map(({ base, new: other }) => {
    const common = bootEffect(world, random);
    // In the same boot whatever is the boot's own is in both.
    const own = order === 'same-boot' ? common : bootEffect(world, random);
    return {
      base: figures(world, common + drift(base / last), random),
      new: figures(world, own + drift(other / last), random).map((each, i) => each + (i === 0 ? world.difference : 0)),
    };
  });
  return Array.from({ length: metrics }, (_, i): Values => {
    const base = measured.map((each) => each.base[i] as number);
    const other = measured.map((each) => each.new[i] as number);
    if (order === 'separate') return { kind: 'separate', base, new: other };
    return { kind: 'paired', differences: other.map((each, k) => each - (base[k] as number)) };
  });
}

/** When each is measured, block by block: how many came before. */
function placesOf(order: Order, boots: number, random: Random): { base: number; new: number }[] {
  return Array.from({ length: boots }, (_, i) => {
    if (order === 'separate') return { base: i, new: boots + i };
    const first = random.below(2);
    return { base: 2 * i + first, new: 2 * i + 1 - first };
  });
}

function bootEffect({ scatter, disturbed }: World, random: Random): number {
  const disturbance = random.unit() < disturbed ? Math.log(1 + random.unit()) : 0;
  return normal(random) * scatter * Math.SQRT1_2 + disturbance;
}

function figures({ metrics, scatter }: World, ofBoot: number, random: Random): number[] {
  return Array.from({ length: metrics }, () => ofBoot + normal(random) * scatter * Math.SQRT1_2);
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}
