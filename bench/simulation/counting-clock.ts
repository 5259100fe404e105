// SPDX-License-Identifier: MIT
import type { Clock } from '../../vm/clock.ts';

export interface CountingClock extends Clock {
  /** Timers that were asked of it, and have neither fired nor been prevented. */
  readonly pending: number;
}

/** The same time, with the timers counted of whoever uses this clock. */
export function countingClock(clock: Clock): CountingClock {
  const pending = new Set<object>();
  return {
    get pending() {
      return pending.size;
    },
    now: () => clock.now(),
    date: () => clock.date(),
    after: (ms, action) => {
      const timer = {};
      pending.add(timer);
      const cancel = clock.after(ms, () => {
        pending.delete(timer);
        action();
      });
      return () => {
        pending.delete(timer);
        cancel();
      };
    },
  };
}
