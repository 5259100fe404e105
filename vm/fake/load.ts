// SPDX-License-Identifier: MIT
/** What requesters did in one measuring window. All times in ns from the window's start. */
import type { GuestContainer } from './guest-plan.ts';

/** One request that has ended. */
export interface Request {
  /** When it was due; in a closed loop, when it was made. */
  readonly start: number;
  /** From `start` to its end. */
  readonly latency: number;
  /** From when it was really made to its end. */
  readonly service: number;
  /** 0 is an answer. */
  readonly errno: number;
  readonly worker: number;
  /** The key was there: no upcall. */
  readonly hit: boolean;
  /** The host's helper answered, though an agent should have. */
  readonly escaped: boolean;
  /** It was made after the answerer that a fault had killed was replaced. */
  readonly afterRestart: boolean;
}

/** What one container did. */
export interface ContainerLoad {
  readonly container: GuestContainer;
  /** In order of start. */
  readonly requests: readonly Request[];
  readonly upcalls: number;
  readonly timeouts: number;
  readonly late: number;
  readonly missed: number;
  /** How long each round of a storm took. */
  readonly rounds: readonly number[];
}

export interface WindowOutcome {
  readonly loads: readonly ContainerLoad[];
  /** When the window was over: its time was up, or every container had ended its number of requests. */
  readonly end: number;
  /** When the last request had ended. */
  readonly drained: number;
  /** The processors' work. */
  readonly busy: number;
}

export const enokey = 126;
/** Requests for each pair of clock readings of a `batch` window. */
export const batchSize = 1_000;

/** True for the request with sequence number k of a requester if it is one of the `percent` of a hundred that are hits. */
export function isHit(k: number, percent: number): boolean {
  return Math.floor(((k + 1) * percent) / 100) > Math.floor((k * percent) / 100);
}
