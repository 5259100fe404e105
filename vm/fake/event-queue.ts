// SPDX-License-Identifier: MIT

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly value: T;
}

/** What is to happen, earliest first; of two at the same time, the one that was put in first. A binary heap. */
export class EventQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  put(at: number, value: T): void {
    const entry = { at, order: this.#order++, value };
    let place = this.#heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!before(entry, this.#at(parent))) break;
      this.#heap[place] = this.#at(parent);
      place = parent;
    }
    this.#heap[place] = entry;
  }

  /** Takes out the earliest; undefined when there is none. */
  take(): { readonly at: number; readonly value: T } | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && before(this.#at(child + 1), this.#at(child))) child++;
      if (!before(this.#at(child), last)) break;
      this.#heap[place] = this.#at(child);
      place = child;
    }
    this.#heap[place] = last;
    return first;
  }

  #at(place: number): Entry<T> {
    return this.#heap[place] as Entry<T>;
  }
}

function before(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
