// SPDX-License-Identifier: MIT
/**
 * What something costs that windows are measured with or without: throughput with it, against neighbours without. Pairs of
 * neighbours are compared, because whatever the host does lasts longer than one. Two pairs of opposite order make a
 * block, whose mean logarithm is one difference of signed-rank.ts: a drift, or a cost of coming first, cancels within it,
 * and what one window leaves behind for the next (which pairs of alternating order would share, and an interval over
 * pairs be too narrow for) is within it too.
 */
import { type CellView, type Role, windowsOf } from '../../results/cell-view.ts';
import type { CellPlan, WindowPlan } from '../../results/plan.ts';
import { type Measured, missing } from './figure.ts';
import type { Interval } from './metric.ts';
import { type Shift, shiftOf } from './signed-rank.ts';
import { throughputOf } from './throughput.ts';

/** Which kind a window is: with what is studied, or without; null if it is no part of the study. */
export type Study = (window: WindowPlan) => 'with' | 'without' | null;

/** ln(with/without) of the throughput of each block; or why they are not to be had. */
export type Logs = { readonly values: readonly number[] } | { readonly reason: string };

interface Pair {
  readonly burdened: number;
  readonly plain: number;
}

/** Two neighbouring pairs, of which one begins with the window that has it and the other with the one that has not. */
type Block = readonly [Pair, Pair];

/** Does the cell have windows of both kinds, arranged to be compared? */
export function isStudied(cell: CellPlan, study: Study): boolean {
  return blocksOf(cell, study).length > 0;
}

export function blockLogs(view: CellView, role: Role, study: Study): Logs {
  const values: number[] = [];
  for (const block of blocksOf(view.cell, study)) {
    let sum = 0;
    for (const { burdened, plain } of block) {
      const [a, b] = [burdened, plain].map((index) =>
        throughputOf(
          view,
          windowsOf(view, { role }).filter((window) => window.index === index),
        ),
      ) as [Measured, Measured];
      if (a.value === null) return { reason: a.reason };
      if (b.value === null) return { reason: b.reason };
      if (a.value === 0 || b.value === 0) return { reason: 'no-ok-requests' };
      sum += Math.log(a.value / b.value);
    }
    values.push(sum / block.length);
  }
  return { values };
}

/** The share of the throughput that is lost, with its interval. */
export function overheadOf(logs: Logs): Measured {
  if ('reason' in logs) return missing(logs.reason);
  const shift = shiftOf(logs.values);
  return shift === null ? missing('too-few-pairs') : lost(shift);
}

/** 1 − ratio; the interval turns round. */
function lost({ estimate, interval }: Shift): Measured {
  const value = -Math.expm1(estimate);
  const turned: Interval = { ...interval, low: -Math.expm1(interval.high), high: -Math.expm1(interval.low) };
  return { value, uncertainty: Math.max(turned.high - value, value - turned.low), interval: turned };
}

/** No window is in two of them; a pair without one that is its mirror is in none. */
function blocksOf(cell: CellPlan, study: Study): Block[] {
  const blocks: Block[] = [];
  const pairs = pairsOf(cell, study);
  for (let i = 0; i + 1 < pairs.length; i++) {
    const [one, other] = [pairs[i] as Pair, pairs[i + 1] as Pair];
    if (one.burdened < one.plain === other.burdened < other.plain) continue;
    blocks.push([one, other]);
    i++;
  }
  return blocks;
}

/** Neighbours of which one is of each kind. */
function pairsOf(cell: CellPlan, study: Study): Pair[] {
  const pairs: Pair[] = [];
  const kinds = cell.windows.map(study);
  for (let i = 0; i + 1 < kinds.length; i++) {
    const [one, other] = [kinds[i] ?? null, kinds[i + 1] ?? null];
    if (one === null || other === null || one === other) continue;
    pairs.push(one === 'with' ? { burdened: i, plain: i + 1 } : { burdened: i + 1, plain: i });
    i++;
  }
  return pairs;
}
