// SPDX-License-Identifier: MIT

/** Time as a parameter, so that every wait can be tested without waiting. */
export interface Clock {
  /** Milliseconds from an arbitrary origin; never goes back. */
  now(): number;
  /** The time of day. */
  date(): Date;
  /** Calls `action` once, `ms` from now; returns a function that prevents it. */
  after(ms: number, action: () => void): () => void;
}

/** The time of this world. */
export const wallClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
