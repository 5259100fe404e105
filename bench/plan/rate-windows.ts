// SPDX-License-Identifier: MIT
/** Makes the windows of an open-loop scenario for one mechanism: which rates, how many windows at each, in which order. */
import type { WindowPlan } from '../../results/plan.ts';
import type { RateLadder, WindowShape } from '../../scenarios/types.ts';
import { KeystormError } from '../../vm/failure.ts';
import type { Random } from './random.ts';

/** As many as a cell may have in the guest protocol. */
export const maxWindows = 256;
const maxRate = 100_000;

/**
 * `capacity`: requests in a second that the mechanism roughly serves. `asked`: rates in place of the ladder's, all of which every
 * mechanism takes; empty: none. Windows come in an order drawn from `random`, since a rate that always rose would be
 * confused with whatever else changes while a guest runs.
 * @throws KeystormError (2) for rates out of range, or more windows than a cell may have.
 */
export function rateWindows(
  ladder: RateLadder,
  capacity: number,
  asked: readonly number[],
  random: Random,
): WindowPlan[] {
  const rates = asked.length > 0 ? checked(asked) : near(ladder, capacity);
  const windows = rates.flatMap((rate) => ladder.shapes.flatMap((shape) => windowsAt(rate, ladder, shape)));
  if (windows.length > maxWindows) {
    throw new KeystormError(
      `The rates ${rates.join(', ')} need ${windows.length} windows, a cell may have ${maxWindows}: ask for fewer or higher rates.`,
    );
  }
  return random.shuffle(windows);
}

function checked(asked: readonly number[]): number[] {
  for (const rate of asked) {
    if (!Number.isInteger(rate) || rate < 1 || rate > maxRate)
      throw new KeystormError(`A rate is a whole number of starts in a second from 1 to ${maxRate}, not ${rate}.`);
  }
  return [...new Set(asked)].sort((a, b) => a - b);
}

/** The rates within reach of the capacity; if it lies off the ladder, the closest one, since some load is better than none. */
function near({ rates, near: range }: RateLadder, capacity: number): number[] {
  if (range === undefined) return [...rates];
  const within = rates.filter((rate) => rate >= range.least * capacity && rate <= range.most * capacity);
  if (within.length > 0) return within;
  const distance = (rate: number) => Math.abs(Math.log(rate / capacity));
  return [rates.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best))];
}

function windowsAt(
  rate: number,
  { starts, withinMs }: RateLadder,
  { ms, atLeast, ...shape }: WindowShape,
): WindowPlan[] {
  const inMs = (count: number) => (count / rate) * 1_000;
  const wanted = starts.find((count) => inMs(count) <= withinMs) ?? (starts.at(-1) as number);
  const count = Math.max(atLeast, Math.ceil(inMs(wanted) / ms.most));
  const length = Math.min(ms.most, Math.max(ms.least, Math.ceil(inMs(wanted) / count)));
  // One more than are due in that time: the window ends when its time is up, not when the last start has ended.
  const maxRequests = Math.ceil((rate * length) / 1_000) + 1;
  return Array.from({ length: count }, () => ({ ...shape, ms: length, maxRequests, rate }));
}
