// SPDX-License-Identifier: MIT
/**
 * How large a deviation has to be so that, where nothing changes, it is seen but once in so many looks. Every night each of several last
 * nights is asked whether the change began there, and these questions overlap; what their greatest answer comes to is told by
 * Siegmund and Venkatraman (Using the generalized likelihood ratio statistic for sequential detection of a change-point, Annals of Statistics 23,
 * 1995), for windows from `from` to `to` nights.
 */

/** Windows that share a threshold, in nights, both included. */
export interface Windows {
  readonly from: number;
  readonly to: number;
}

/** Alarms a look at threshold `b`, up and down together. */
export function alarmRate(b: number, { from, to }: Windows): number {
  const [low, high] = [b / Math.sqrt(to), b / Math.sqrt(from)];
  const steps = 200;
  const step = (high - low) / steps;
  let integral = 0;
  for (let i = 0; i < steps; i++) {
    const x = low + (i + 0.5) * step;
    integral += x * overshoot(x) ** 2 * step;
  }
  return (b * Math.exp((-b * b) / 2) * integral) / Math.sqrt(2 * Math.PI);
}

/** The least threshold with at most `rate` alarms a look. */
export function thresholdOf(rate: number, windows: Windows): number {
  let [low, high] = [1, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (alarmRate(middle, windows) > rate) low = middle;
    else high = middle;
  }
  return high;
}

/** A sum of nights oversteps a threshold by a part of a night: Siegmund's approximation of the correction for it. */
function overshoot(x: number): number {
  return Math.exp(-0.583 * x);
}
