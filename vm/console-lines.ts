// SPDX-License-Identifier: MIT
/** A guest's console as lines: the last ones kept, listeners told, what they reveal remembered. */
import { StringDecoder } from 'node:string_decoder';
import { ConsoleWatch } from './kernel-log/console-watch.ts';
import type { Sighting } from './kernel-log/sighting.ts';
import { Listeners } from './listeners.ts';

/** Enough for a panic from its first line: registers and a call trace take 50 and more. */
const tailLines = 100;
/** A line longer than this is cut: a guest may write without ever ending one. */
const maxLineLength = 4_096;

export class ConsoleLines {
  readonly #listeners = new Listeners<string>();
  readonly #tail: string[] = [];
  readonly #watch = new ConsoleWatch();
  #rest = '';

  constructor(stream: NodeJS.ReadableStream) {
    // Not the stream's own decoder: whoever else reads the stream may want its bytes.
    const decoder = new StringDecoder('utf8');
    stream.on('data', (chunk: Buffer) => this.#feed(decoder.write(chunk)));
    stream.on('end', () => this.#feed(`${decoder.end()}\n`));
  }

  /** The last lines, oldest first. */
  get tail(): readonly string[] {
    return this.#rest === '' ? [...this.#tail] : [...this.#tail, this.#rest];
  }

  /** The gravest thing seen so far, with the name of its fault. */
  get sighting(): Sighting | undefined {
    return this.#watch.sighting;
  }

  /** Calls `listener` with every line from now on; the returned function ends that. */
  onLine(listener: (line: string) => void): () => void {
    return this.#listeners.add(listener);
  }

  #feed(chunk: string): void {
    const lines = (this.#rest + chunk.replaceAll('\r', '')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, maxLineLength);
    for (const raw of lines) {
      const line = raw.slice(0, maxLineLength);
      if (line === '') continue;
      this.#tail.push(line);
      if (this.#tail.length > tailLines) this.#tail.shift();
      this.#watch.push(line);
      this.#listeners.tell(line);
    }
  }
}
