// SPDX-License-Identifier: MIT

/** The guest's processors: whatever comes is served in the order of its coming, by whichever is free first. */
export class Processor {
  readonly #freeAt: number[];
  /** ns of work done. */
  busy = 0;

  constructor(smp: number) {
    this.#freeAt = Array.from({ length: smp }, () => 0);
  }

  /** When work that comes at `at` would begin. */
  begin(at: number): number {
    return Math.max(at, Math.min(...this.#freeAt));
  }

  /** Does `ns` of work that comes at `at`; returns when it is done. */
  work(at: number, ns: number): number {
    const begin = this.begin(at);
    this.#freeAt[this.#freeAt.indexOf(Math.min(...this.#freeAt))] = begin + ns;
    this.busy += ns;
    return begin + ns;
  }
}
