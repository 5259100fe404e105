// SPDX-License-Identifier: MIT
/** A guest's console on which a test types the lines. */
import { PassThrough } from 'node:stream';
import { ConsoleLines } from '../../console-lines.ts';

export interface TypedConsole {
  readonly console: ConsoleLines;
  /** Returns when everybody who listens has heard them. */
  say(...lines: string[]): void;
}

export const panicLine = '[    3.1] Kernel panic - not syncing: sysrq triggered crash';
export const oopsLine = '[    4.7] BUG: kernel NULL pointer dereference, address: 0000000000000008';
export const oomKillLine = '[    3.2] Out of memory: Killed process 86 (dropbear)';

export function typedConsole(): TypedConsole {
  const stream = new PassThrough();
  const console = new ConsoleLines(stream);
  // A stream hands on what is written to it later; who tests in virtual time cannot wait for that.
  return {
    console,
    say: (...lines) => void stream.emit('data', Buffer.from(lines.map((line) => `${line}\n`).join(''))),
  };
}
