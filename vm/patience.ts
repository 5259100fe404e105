// SPDX-License-Identifier: MIT
/**
 * Waits for signs of life, counted in time in which the guest could have given one and we could have heard it. A guest that was
 * paused, or had no processor to run on, is not late; nor is one for which we ourselves stood still.
 */
import type { Clock } from './clock.ts';

/** How long nothing was heard. */
export interface Silence {
  /** Milliseconds of the host. */
  readonly ms: number;
  /** Those of them that do not count: the guest could not run, or we could not hear. */
  readonly asleepMs: number;
}

interface Wait {
  readonly boundMs: number;
  readonly over: (silence: Silence) => void;
  readonly since: number;
  /** ms that count. */
  counted: number;
  /** It may be over. */
  concluding: boolean;
  /** ms of the host in which we were there. */
  listened: number;
}

/** So often it is looked how much of the time counts: what only the state of a process tells must not be missed for longer. */
const lookMs = 2_000;
/** What remains may shrink for ever when a guest runs half of the time. */
const leastMs = 1;

export class Patience {
  readonly #waits = new Map<string, Wait>();
  readonly #concluding = new Set<() => void>();
  #cancel: () => void = () => {};
  #armedAt: number;
  #due = Number.POSITIVE_INFINITY;
  #awake: number;

  /**
   * `awake`: ms from an arbitrary origin in which the guest could run; absent: it always can. `hostMs`: a guest that says nothing for
   * so long is given up though it could run in little of it, for every wait has an end.
   */
  constructor(
    readonly clock: Clock,
    readonly awake: (() => number) | undefined,
    readonly hostMs: number,
  ) {
    this.#armedAt = clock.now();
    this.#awake = this.#guestTime();
  }

  /** Waits for `what`, from now on: `over` is called, once, when it did not come within `boundMs`. A wait for the same begins anew. */
  expect(what: string, boundMs: number, over: (silence: Silence) => void): void {
    const now = this.clock.now();
    if (this.#waits.size === 0) {
      this.#armedAt = now;
      this.#awake = this.#guestTime();
    }
    this.#waits.set(what, { boundMs, over, since: now, counted: 0, listened: 0, concluding: false });
    // A later end of a wait is found when the earlier one is looked at: there is a line for each of a thousand frames.
    if (now + Math.min(lookMs, boundMs) < this.#due) this.#look();
  }

  /** No more waits. */
  stop(): void {
    this.#waits.clear();
    this.#cancel();
    for (const cancel of this.#concluding) cancel();
    this.#concluding.clear();
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** Adds what has passed since the last look to all waits, and looks again when the first of them may be over. */
  #look(): void {
    const now = this.clock.now();
    // Who looks late was not there to hear: the time by which it is too late counts for nobody.
    const passed = Math.min(now, this.#due) - this.#armedAt;
    const awake = this.#guestTime();
    const counted = Math.max(0, Math.min(awake - this.#awake, passed));
    this.#awake = awake;
    this.#armedAt = now;
    let left = lookMs;
    for (const [what, wait] of this.#waits) {
      const own = now - wait.since;
      wait.counted = Math.min(wait.counted + counted, own);
      wait.listened = Math.min(wait.listened + passed, own);
      const remaining = Math.min(wait.boundMs - wait.counted, this.hostMs - wait.listened);
      if (remaining > 0) left = Math.min(left, Math.max(remaining, leastMs));
      else this.#conclude(what, wait);
    }
    this.#cancel();
    this.#due = Number.POSITIVE_INFINITY;
    if (this.#waits.size === 0) return;
    this.#due = now + left;
    this.#cancel = this.clock.after(left, () => this.#look());
  }

  /** It is over, unless the sign has arrived and only waits to be read. */
  #conclude(what: string, wait: Wait): void {
    if (wait.concluding) return;
    wait.concluding = true;
    const cancel = this.clock.after(0, () => {
      this.#concluding.delete(cancel);
      if (this.#waits.get(what) !== wait) return;
      this.#waits.delete(what);
      const ms = this.clock.now() - wait.since;
      wait.over({ ms, asleepMs: Math.max(0, ms - wait.counted) });
    });
    this.#concluding.add(cancel);
  }

  #guestTime(): number {
    return this.awake?.() ?? this.clock.now();
  }
}

/** To complete "was silent": for how long, and how much of that does not count if it is worth a word. */
export function describeSilence({ ms, asleepMs }: Silence): string {
  const asleep = asleepMs < 100 ? '' : `, ${seconds(asleepMs)} s of which it could not run or not be heard,`;
  return `for ${seconds(ms)} s${asleep}`;
}

const seconds = (ms: number) => Number((ms / 1_000).toFixed(1));
