// SPDX-License-Identifier: MIT
/** Who wants to hear of something, until each wants no more. */
export class Listeners<T> {
  readonly #all = new Set<(what: T) => void>();

  /** Calls `listener` with everything from now on; the returned function ends that. */
  add(listener: (what: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(what: T): void {
    for (const listener of this.#all) listener(what);
  }
}
