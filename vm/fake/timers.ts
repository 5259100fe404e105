// SPDX-License-Identifier: MIT
import type { Clock } from '../clock.ts';

/** Timers that can be prevented all at once: what a guest was about to do ends with it. */
export class Timers {
  readonly #pending = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  after(ms: number, action: () => void): void {
    const cancel = this.clock.after(ms, () => {
      this.#pending.delete(cancel);
      action();
    });
    this.#pending.add(cancel);
  }

  cancelAll(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
