// SPDX-License-Identifier: MIT
/** A file that another process appends to, as a stream. */
import { closeSync, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';

/** How often it is looked at. Whoever writes it is not held up by that, and those who read it have bounds of seconds. */
const lookMs = 25;
const chunkBytes = 256 * 1024;

export class FileTail extends Readable {
  readonly #fd: number;
  #at: number;
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;
  #whole = false;

  /** From byte `start` on. Throws as the file system does. */
  constructor(name: string, start = 0) {
    super();
    this.#fd = openSync(name, 'r');
    this.#at = start;
  }

  /** Bytes of the file that came before what is still to be read. */
  get offset(): number {
    return this.#at;
  }

  /** Nothing more is appended: it ends with what is there. */
  finish(): void {
    this.#whole = true;
    this.#look();
  }

  override _read(): void {
    this.#wanted = true;
    this.#look();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    closeSync(this.#fd);
    done(error);
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.destroyed || !this.#wanted) return;
    try {
      const chunk = Buffer.alloc(chunkBytes);
      const size = readSync(this.#fd, chunk, 0, chunkBytes, this.#at);
      this.#at += size;
      if (size > 0) {
        this.#wanted = false;
        this.push(chunk.subarray(0, size));
      } else if (this.#whole) {
        this.push(null);
      } else {
        this.#timer = setTimeout(() => this.#look(), lookMs);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
