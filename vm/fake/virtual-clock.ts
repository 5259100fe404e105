// SPDX-License-Identifier: MIT
import type { Clock } from '../clock.ts';

interface Timer {
  /** ns */
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

const nsPerMs = 1e6;

/**
 * Time that passes only when everybody waits: as soon as the event loop has nothing else to do, the clock jumps to the next
 * timer. Five minutes of a guest take milliseconds, in the same order every time. It counts whole nanoseconds, so that what happens
 * in a boot takes as long whatever was before it.
 */
export class VirtualClock implements Clock {
  /** ns */
  #now = 0;
  #order = 0;
  #frozen: NodeJS.Timeout | undefined;
  #pumping = false;
  readonly #timers = new Set<Timer>();

  /** `origin` is the time of day at which the clock starts. */
  constructor(readonly origin: Date = new Date(0)) {}

  now(): number {
    return this.#now / nsPerMs;
  }

  date(): Date {
    return new Date(this.origin.getTime() + this.now());
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + Math.round(Math.max(0, ms) * nsPerMs), order: this.#order++, action };
    this.#timers.add(timer);
    this.#pump();
    return () => this.#timers.delete(timer);
  }

  /** How many timers are still to fire. */
  get pending(): number {
    return this.#timers.size;
  }

  /** None of them will: whoever waits for one waits for ever. */
  clear(): void {
    this.#timers.clear();
  }

  /** Time stands still from now on, and the process stays alive: a guest that is busy for as long as a test needs it. */
  freeze(): void {
    this.#frozen ??= setInterval(() => {}, 2 ** 30);
  }

  /** Time goes on. */
  thaw(): void {
    clearInterval(this.#frozen);
    this.#frozen = undefined;
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.#frozen !== undefined || this.#timers.size === 0) return;
    this.#pumping = true;
    // An immediate runs only after every pending callback of a stream or promise.
    setImmediate(() => {
      this.#pumping = false;
      try {
        if (this.#frozen === undefined) this.#fireNext();
      } finally {
        this.#pump();
      }
    });
  }

  #fireNext(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#now = next.at;
    next.action();
  }
}
