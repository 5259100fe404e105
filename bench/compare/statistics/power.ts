// SPDX-License-Identifier: MIT
/** What could have been found with the boots there were, and how many would be needed to find what matters. */
import { normalQuantile } from '../../measure/normal-quantile.ts';
import { leastBoots } from './relabelling.ts';
import { standardError, type Values, variance } from './values.ts';

/** A difference of the minimum detectable size is found so often. */
export const power = 0.8;

/**
 * The least difference, on the values' own scale, that would have been found with probability `power` at the scatter that was seen and with the
 * correction for all metrics tested together, whose critical |t| is given. Null: none would have.
 */
export function detectable(values: Values, critical: number | null): number | null {
  const { error, freedom } = standardError(values);
  if (critical === null || !Number.isFinite(error)) return null;
  // Of a true difference, t is as of Johnson and Welch's approximation to the noncentral distribution; `low` is how much too small a standard error is on average.
  const low = 1 - 1 / (4 * freedom);
  const spread = Math.sqrt(1 + critical ** 2 / (2 * freedom));
  return (critical + (normalQuantile(power) * spread) / low) * error;
}

/**
 * Blocks, or boots a side, with which a difference of `delta` would be found with probability `power` at the scatter that was seen, and equality
 * to within `delta` be shown as well; for `metrics` tested together, each as if it stood for itself (Bonferroni): rather too many than too few.
 */
export function bootsNeeded(values: Values, delta: number, alpha: number, metrics: number): number | null {
  const scatter =
    values.kind === 'paired' ? variance(values.differences) : variance(values.base) + variance(values.new);
  if (!Number.isFinite(scatter)) return null;
  const wanted = normalQuantile(1 - alpha / (2 * metrics)) + normalQuantile(power);
  return Math.max(leastBoots(values.kind, alpha), Math.ceil((wanted ** 2 * scatter) / delta ** 2) + 1);
}
