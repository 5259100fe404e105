// SPDX-License-Identifier: MIT
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Listeners } from '../listeners.ts';
import type { Console } from '../machine.ts';

/** Where the lines of a console are kept, given the name of its file. */
export type KeepLines = (file: string) => (line: string) => void;

/** In the file. */
export const keepInFile: KeepLines = (file) => {
  mkdirSync(path.dirname(file), { recursive: true });
  return (line) => appendFileSync(file, `${line}\n`);
};

/** What a fake guest says. */
export class FakeConsole implements Console {
  readonly logFile: string;
  readonly lines: string[] = [];
  readonly #listeners = new Listeners<string>();
  readonly #keep: (line: string) => void;

  constructor(dir: string, keep: KeepLines) {
    this.logFile = path.join(dir, 'console.log');
    this.#keep = keep(this.logFile);
  }

  onLine(listener: (line: string) => void): () => void {
    return this.#listeners.add(listener);
  }

  say(line: string): void {
    this.lines.push(line);
    this.#keep(line);
    this.#listeners.tell(line);
  }
}
