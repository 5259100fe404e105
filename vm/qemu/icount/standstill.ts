// SPDX-License-Identifier: MIT
/** Whether a guest's time stands still, by what QEMU's monitor reports. */
import type { QmpEvent } from '../qmp.ts';

export class Standstill {
  #still = false;
  readonly #waiting = new Set<() => void>();

  /** It was restored so. */
  begin(): void {
    this.heed({ event: 'STOP', data: {} });
  }

  heed({ event }: QmpEvent): void {
    if (event === 'RESUME') this.#still = false;
    if (event !== 'STOP') return;
    this.#still = true;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Resolves when it does; at once if it does already. Without a bound: whoever waits has one. */
  reached(): Promise<void> {
    return this.#still ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }
}
