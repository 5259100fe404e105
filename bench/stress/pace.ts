// SPDX-License-Identifier: MIT
/**
 * How much happens in a window of a session, and when: what takes effect on a usual kernel within some milliseconds takes as many times
 * longer on a slow one, but a window cannot be longer than it may be.
 */
export interface Pace {
  /** How many times longer than usual the kernel takes for anything, at least 1. */
  readonly slowness: number;
  /** No fault begins before so many ms of its window, so that there is some of what is usual. */
  readonly earliestMs: number;
  /** By then all is over, so that one sees what comes after. */
  readonly latestMs: number;
  readonly shortestMs: number;
  /** So much later a fault begins that needs another to be on. */
  readonly headStartMs: number;
  /** Requests begun in a second in each container, if nobody asks for another number. */
  readonly rate: number;
}

/** As long as a window may be, in ms. */
export const windowMs = 5_000;

const usual = { earliestMs: 500, latestMs: 3_000, shortestMs: 300, headStartMs: 200, rate: 50 } as const;
/** After the last fault of a window, however slow the kernel: what comes after it is seen in the next window as well. */
const leastAfterMs = 500;

/**
 * Of a kernel so many times slower than usual. Faults are as many times longer, and requests as many times rarer: of those there would be
 * no more for a higher rate, since the guest would have no time for them, and what is done to them would have to wait for its turn.
 */
export function paceOf(slowness: number): Pace {
  const { earliestMs, shortestMs, headStartMs, rate } = usual;
  return {
    slowness,
    earliestMs,
    latestMs: Math.min(Math.round(usual.latestMs * slowness), windowMs - leastAfterMs),
    shortestMs: Math.round(shortestMs * slowness),
    headStartMs: Math.round(headStartMs * slowness),
    rate: Math.max(1, Math.round(rate / slowness)),
  };
}
