// SPDX-License-Identifier: MIT
/**
 * What latencies must be when an answerer stands still for a while in an open loop: reckoned, not measured, so that a
 * measurement can be held against it.
 *
 * Starts come R a second, at 0, 1/R, 2/R, … until the window is over at T. Alone, a request takes s from its start to its
 * end; when many wait, c of them end in a second. The answerer stands still from A to B, D = B − A. Let ρ = R/c, and let a
 * latency count from the due time: it is s plus a wait w(t) that depends on when the request was due.
 *
 * ρ ≤ 1. Until A nothing waits: w = 0. From A on, R(t − A) requests came before the one due at t, and none of them, nor any
 * other, ends before B. After B they end in order, one each 1/c, so it is served at B + R(t − A)/c = B + ρ(t − A), hence
 *
 *     w(t) = D − (1 − ρ)(t − A)      until that is 0, at A + D/(1 − ρ).
 *
 * It holds for those due before B and after it alike: the line from D down to 0 does not bend at B. What was in service
 * at A (due within s before it) waits for D. So a tail of the fraction p of all requests, if it lies within that line,
 * begins at the latency s + D − (1 − ρ)pT: s does not matter much, and of c only how much of R it leaves.
 *
 * ρ > 1. The queue grows all the time. Without a stop the request due at t is served at ρt; with it, at ρt + D if it was not
 * served by A:
 *
 *     w(t) = (ρ − 1)t                if ρt + s ≤ A
 *     w(t) = (ρ − 1)t + D            else.
 *
 * W requesters can make a start only when one of them is free. In a queue that is when the request W places before has ended, at
 * t + w(t) + s − W/c. If that is not before T, the start is never made: it is missed. In total these are, but for rounding,
 * what came and was not served, less W.
 */
export interface Stall {
  /** R, in starts a second. */
  readonly rate: number;
  /** s in ns. */
  readonly serviceNs: number;
  /** c, in requests a second. */
  readonly capacity: number;
  /** W. */
  readonly workers: number;
  /** T in ns. */
  readonly windowNs: number;
  /** A and B in ns from the window's start. */
  readonly stoppedNs: number;
  readonly continuedNs: number;
}

export interface StallLatencies {
  /** Of the starts that are made, in ns, by due time. */
  readonly latencies: readonly number[];
  /** Starts that are never made. */
  readonly missed: number;
}

/** The latencies that follow from the model above. RangeError for a stall that makes no sense. */
export function stallLatencies(stall: Stall): StallLatencies {
  const { rate, serviceNs, capacity, workers, windowNs, stoppedNs, continuedNs } = stall;
  if (!(rate > 0 && capacity > 0 && workers > 0 && serviceNs >= 0 && stoppedNs >= 0 && continuedNs >= stoppedNs)) {
    throw new RangeError(`no stall: ${JSON.stringify(stall)}`);
  }
  const latencies: number[] = [];
  const due = Math.ceil((windowNs * rate) / 1e9 - 1e-9);
  const ahead = (workers * 1e9) / capacity;
  for (let k = 0; k < due; k++) {
    const t = (k * 1e9) / rate;
    const latency = waitNs(t, stall) + serviceNs;
    if (t + latency - ahead < windowNs) latencies.push(latency);
  }
  return { latencies, missed: due - latencies.length };
}

/** w(t) in ns, for the request due at t ns. */
function waitNs(t: number, { rate, capacity, serviceNs, stoppedNs, continuedNs }: Stall): number {
  const load = rate / capacity;
  const stop = continuedNs - stoppedNs;
  const growing = Math.max(0, load - 1) * t;
  if (t + growing + serviceNs <= stoppedNs) return growing;
  if (load > 1) return growing + stop;
  return Math.max(0, stop - (1 - load) * Math.max(0, t - stoppedNs));
}

/** The latency in ns at or below which the fraction q of all starts lie, missed ones counting as longer than any; null if it is one of these. */
export function stallQuantile(windows: readonly StallLatencies[], q: number): number | null {
  const made = windows.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const missed = windows.reduce((sum, window) => sum + window.missed, 0);
  const rank = Math.max(1, Math.ceil(q * (made.length + missed) - 1e-6));
  return made[rank - 1] ?? null;
}
