// SPDX-License-Identifier: MIT
/** Which guest is broken how and when: drawn from a seed, before the first boot. */
import type { Random } from '../../plan/random.ts';
import type { FailureClass, Moment, Variant } from './failure-class.ts';

/** What is done to one boot. */
export interface Order {
  readonly of: FailureClass;
  readonly variant: Variant;
  /** Null: it is broken as it is made. */
  readonly moment: Moment | null;
  /** Index of the cell in whose window. */
  readonly cell: number;
  /** ms after the moment has come. */
  readonly delayMs: number;
}

/** For each moment from when to when; the windows of a cell and its warm-up take some 3 s. */
const delaysMs: Readonly<Record<Moment, readonly [number, number]>> = {
  boot: [800, 2_800],
  start: [0, 300],
  window: [0, 2_500],
  between: [0, 300],
};

/** What takes its time, or shows only later, must not come too late for that on a busy host. */
const soonMs = 500;

/** `each` of every class, variants in turn, in an order drawn from all. */
export function drawOrders(classes: readonly FailureClass[], each: number, cells: number, random: Random): Order[] {
  const orders = classes.flatMap((of) => {
    const first = random.below(of.variants.length);
    return Array.from({ length: each }, (_, i) => drawOrder(of, (first + i) % of.variants.length, cells, random));
  });
  return random.shuffle(orders);
}

function drawOrder(of: FailureClass, index: number, cells: number, random: Random): Order {
  const variant = of.variants[index] as Variant;
  const moment = variant.moments[random.below(variant.moments.length)] ?? null;
  const [from, to] = moment === null ? [0, 0] : delaysMs[moment];
  const cell = variant.firstCell === true ? 0 : random.below(cells);
  const latest = variant.firstCell === true ? Math.min(to, soonMs) : to;
  return { of, variant, moment, cell, delayMs: from + random.unit() * (latest - from) };
}
