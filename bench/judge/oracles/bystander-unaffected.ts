// SPDX-License-Identifier: MIT
/**
 * A fault in one container does not harm another: no request of a bystander fails or hangs, and its p99 in fault windows is at
 * most `bystanderFactor` times its p99 in the fault-free windows of the same boot.
 */
import type { CellView } from '../../../results/cell-view.ts';
import { bystanderRatio, bystanderTroubles, hasBystander } from '../../measure/bystander.ts';
import { gapInWindows, held, notApplicable, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const bystanderUnaffected: Oracle = (input) => {
  if (input.cell.containers.every(({ role }) => role !== 'bystander'))
    return notApplicable('the cell has no bystander');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const [trouble] = bystanderTroubles(view);
  if (trouble !== undefined) return violated(trouble);
  const { bystanderFactor: factor } = view.cell;
  if (factor === undefined) return unknown('the cell declares no bystanderFactor');
  if (!hasBystander(view)) return unknown('the cell has not both fault windows and fault-free ones');
  const ratio = bystanderRatio(view);
  if (ratio.value !== null && ratio.value > factor)
    return violated(`${factorText(ratio.value, factor)} (${ratio.detail})`);
  const gap = gapInWindows(view);
  if (gap !== null) return unknown(gap);
  if (ratio.value === null) return unknown(ratio.detail);
  return held(`no request failed; ${factorText(ratio.value, factor)} (${ratio.detail})`);
}

function factorText(ratio: number, factor: number): string {
  return `p99 is ${ratio.toFixed(2)} times the fault-free one, allowed are ${factor}`;
}
