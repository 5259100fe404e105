// SPDX-License-Identifier: MIT
import { StringDecoder } from 'node:string_decoder';
import { maxLineLength } from './bounds.ts';

/** Cuts a stream of bytes into lines, wherever the chunks end. A line without end is handed over in pieces. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(readonly onLine: (line: string) => void) {}

  feed(chunk: Buffer): void {
    const parts = this.#decoder.write(chunk).split('\n');
    parts[0] = this.#rest + (parts[0] ?? '');
    this.#rest = parts.pop() ?? '';
    for (const line of parts) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (this.#rest.length > maxLineLength) this.end();
  }

  /** Hands over what has come since the last line's end, if anything. */
  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.onLine(rest);
  }
}
