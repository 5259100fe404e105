// SPDX-License-Identifier: MIT
import type { Clock } from '../clock.ts';

interface Pending {
  /** When it is due, while time passes; how much is left, while it does not. */
  at: number;
  left: number;
  readonly action: () => void;
  cancel: () => void;
}

/** Nothing waits for it yet. */
function notArmed(): void {}

/** A guest's timers: they stand still with it, and can be prevented all at once, as what it was about to do ends with it. */
export class Timers {
  readonly #pending = new Set<Pending>();
  /** When its time stood still last, if it does. */
  #pausedAt: number | undefined;
  #pausedMs = 0;

  constructor(readonly clock: Clock) {}

  after(ms: number, action: () => void): void {
    const timer = { at: 0, left: ms, action, cancel: notArmed };
    this.#pending.add(timer);
    if (this.#pausedAt === undefined) this.#arm(timer);
  }

  /** Milliseconds in which they did not stand still. */
  get awakeMs(): number {
    return (this.#pausedAt ?? this.clock.now()) - this.#pausedMs;
  }

  pause(): void {
    if (this.#pausedAt !== undefined) return;
    const now = this.clock.now();
    this.#pausedAt = now;
    for (const timer of this.#pending) {
      timer.cancel();
      timer.left = timer.at - now;
    }
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += this.clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    for (const timer of this.#pending) this.#arm(timer);
  }

  cancelAll(): void {
    for (const { cancel } of this.#pending) cancel();
    this.#pending.clear();
  }

  #arm(timer: Pending): void {
    timer.at = this.clock.now() + timer.left;
    timer.cancel = this.clock.after(timer.left, () => {
      this.#pending.delete(timer);
      timer.action();
    });
  }
}
