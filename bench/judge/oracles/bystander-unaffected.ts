// SPDX-License-Identifier: MIT
/**
 * A fault in one container does not harm another: no request of a bystander fails or hangs; its p99 in fault windows is at
 * most `bystanderFactor` times that in the fault-free windows of the same boot; and while the victim has nobody to answer it is
 * served at no less than that fraction of its fault-free rate (a closed loop that stands still has no slow requests to show).
 */
import type { CellView } from '../../../results/cell-view.ts';
import { bystanderRatio, bystanderTroubles, hasBystander } from '../../measure/bystander.ts';
import { bystanderService } from '../../measure/bystander-service.ts';
import {
  gapInWindows,
  held,
  notApplicable,
  type Oracle,
  overBoots,
  tooFewRequests,
  unknown,
  violated,
} from '../oracle.ts';
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
  const service = bystanderService(view);
  if (service.value !== null && service.value < 1 / factor) return violated(serviceText(service.value, factor));
  const gap = gapInWindows(view);
  if (gap !== null) return unknown(gap);
  if (ratio.value === null)
    return ratio.reason === 'too-few-samples' ? tooFewRequests(ratio.detail) : unknown(ratio.detail);
  if (service.value === null) return unknown(`its rate during the fault is not known: ${service.reason}`);
  return held(
    `no request failed; ${factorText(ratio.value, factor)} (${ratio.detail}); ${serviceText(service.value, factor)}`,
  );
}

function factorText(ratio: number, factor: number): string {
  return `p99 is ${ratio.toFixed(2)} times the fault-free one, allowed are ${factor}`;
}

function serviceText(ratio: number, factor: number): string {
  return `served at ${ratio.toFixed(3)} of its fault-free rate while the victim was not, at least 1/${factor} is asked`;
}
