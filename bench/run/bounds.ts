// SPDX-License-Identifier: MIT
/**
 * How long the harness waits for a sign of life before it gives a guest up; in milliseconds. The first two count only time in which
 * the guest could run and the harness could hear it (vm/patience.ts).
 */
export interface Bounds {
  /**
   * Between two lines of the runner, of whatever kind. It writes at least every 2 s except inside a window, which lasts at
   * most 5 s, with up to 2 s around it: 6.6 s were seen at most, also on a loaded host. That a guest hangs is known within 10 s.
   */
  readonly heartbeatMs: number;
  /**
   * Between two frames other than heartbeats, beside the module's timeout of the cell at hand, which may legitimately
   * hold up whoever waits for the last request.
   */
  readonly progressMs: number;
  /** Likewise of either, however little of this time the guest could run: nobody waits for ever. */
  readonly giveUpMs: number;
  /** What one check may take in the guest before its runner gives it up: no frame comes before it has ended. */
  readonly checkMs: number;
  /** Until a machine that was told to end is gone. Backends have shorter bounds of their own; this is for one that breaks its word. */
  readonly stopMs: number;
}

export const standardBounds: Bounds = {
  heartbeatMs: 9_500,
  progressMs: 120_000,
  giveUpMs: 900_000,
  checkMs: 180_000,
  stopMs: 60_000,
};

/** For guests that take so many times longer than usual for anything. */
export function boundsFor(slowness: number): Bounds {
  const { heartbeatMs, progressMs, giveUpMs, checkMs, stopMs } = standardBounds;
  return {
    heartbeatMs: heartbeatMs * slowness,
    progressMs: progressMs * slowness,
    giveUpMs: giveUpMs * slowness,
    checkMs: checkMs * slowness,
    stopMs: stopMs * slowness,
  };
}

/** Lines that are no frames are kept, up to so many of a boot and cut to so much: a guest that babbles must not fill the disk. */
export const maxStrayLines = 1_000;
export const maxStrayLength = 4_096;
/** A line longer than this is cut: the longest frame, 2,000 samples, is far below. */
export const maxLineLength = 4 * 2 ** 20;
