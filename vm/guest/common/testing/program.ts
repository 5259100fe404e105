// SPDX-License-Identifier: MIT
/** Compiles a test's program with parts of what runs in the guest, for the host, and asks it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const guest = fileURLToPath(new URL('../..', import.meta.url));
const compilerBoundMs = 60_000;
const runBoundMs = 20_000;

/** For the `timeoutMs` of suites that compile one. */
export const programBoundMs = compilerBoundMs + 10_000;

/** The compiled program. */
export class Program {
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'keystorm-program-'));
  readonly #program = path.join(this.#dir, 'program');

  /**
   * `files`: relative to vm/guest.
   * @throws Error with the compiler's words when it does not compile without a warning.
   */
  constructor(files: readonly string[]) {
    const flags = ['-std=c11', '-D_GNU_SOURCE', '-O1', '-pthread', '-Wall', '-Wextra', '-Werror', `-I${guest}include`];
    const sanitize = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const sources = files.map((file) => path.join(guest, file));
    execFileSync('gcc', [...flags, ...sanitize, '-o', this.#program, ...sources], { timeout: compilerBoundMs });
  }

  /** The lines it writes. @throws Error if it is not done in time, or does anything undefined. */
  lines(words: readonly (string | number)[], input: string | Uint8Array = ''): string[] {
    // Looking for leaks at exit costs more than everything else together.
    const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
    const said = execFileSync(this.#program, words.map(String), { encoding: 'utf8', timeout: runBoundMs, input, env });
    return said.trim().split('\n');
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
