// SPDX-License-Identifier: MIT
/**
 * A log that no guest can fill a disk with: the first megabytes as they come, the last ones kept in memory until its end, and in
 * between a line that says how much was left out. A kernel tells why it dies in its last lines, and why it broke often in its first.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface LogBounds {
  /** Bytes from the start that are written at once. */
  readonly head: number;
  /** Bytes before the end that are kept. */
  readonly tail: number;
}

export const standardLogBounds: LogBounds = { head: 8 * 1024 * 1024, tail: 1024 * 1024 };

export class BoundedLog {
  readonly #bounds: LogBounds;
  #fd: number | undefined;
  #written = 0;
  #leftOut = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;

  /** Opens `file`: 'w' starts it anew, 'a' goes on. Throws as the file system does. */
  constructor(file: string, mode: 'w' | 'a', bounds: LogBounds = standardLogBounds) {
    this.#bounds = bounds;
    this.#fd = openSync(file, mode);
  }

  /** Written before it returns, so a harness that is killed loses none of the first part. Never throws. */
  write(chunk: Buffer): void {
    if (this.#fd === undefined) return;
    const room = this.#bounds.head - this.#written;
    const now = chunk.subarray(0, room);
    if (now.length > 0) this.#put(now);
    this.#written += now.length;
    if (now.length < chunk.length) this.#keep(chunk.subarray(now.length));
  }

  /** Writes what was kept and closes the file; once. Never throws. */
  end(): void {
    if (this.#leftOut > 0) this.#put(Buffer.from(`\n[keystorm left out ${this.#leftOut} bytes here]\n`));
    for (const chunk of this.#tail) this.#put(chunk);
    this.#tail = [];
    this.#leftOut = 0;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #keep(chunk: Buffer): void {
    // A copy: a slice would keep the whole of what it was cut from.
    this.#tail.push(Buffer.from(chunk));
    this.#tailBytes += chunk.length;
    for (let first = this.#tail[0]; first !== undefined && this.#tailBytes > this.#bounds.tail; first = this.#tail[0]) {
      const surplus = Math.min(first.length, this.#tailBytes - this.#bounds.tail);
      this.#leftOut += surplus;
      this.#tailBytes -= surplus;
      if (surplus === first.length) this.#tail.shift();
      else this.#tail[0] = first.subarray(surplus);
    }
  }

  #put(chunk: Buffer): void {
    try {
      for (let at = 0; this.#fd !== undefined && at < chunk.length; ) at += writeSync(this.#fd, chunk, at);
    } catch {
      // It is for people; a full disk is noticed where results are written.
    }
  }
}
