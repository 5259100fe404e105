// SPDX-License-Identifier: MIT
/** Compiles the runner's parts that need no guest into a program of the host, once, and asks it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const guest = fileURLToPath(new URL('../../', import.meta.url));
const sources = [
  'runner/testing/parts.c',
  'runner/build_id.c',
  'runner/check_said.c',
  'runner/json.c',
  'runner/plan.c',
  'runner/plan_block.c',
  'runner/plan_cell.c',
  'runner/plan_check.c',
  'runner/plan_checks.c',
  'runner/plan_fault.c',
  'runner/plan_harm.c',
  'runner/plan_mechanism.c',
  'runner/plan_window.c',
  'runner/plan_words.c',
  'runner/stage_parts.c',
  'common/answer.c',
  'common/answer_sizes.c',
  'common/crc32.c',
  'common/histogram.c',
];
const compilerBoundMs = 60_000;
const askBoundMs = 5_000;

/** The compiled program. */
export class Parts {
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'keystorm-parts-'));
  readonly #program = path.join(this.#dir, 'parts');

  /** @throws Error with the compiler's words when it does not compile without a warning, or shows undefined behaviour. */
  constructor() {
    const flags = ['-std=c11', '-D_GNU_SOURCE', '-O1', '-Wall', '-Wextra', '-Werror', '-fsanitize=address,undefined'];
    const files = sources.map((source) => path.join(guest, source));
    execFileSync('gcc', [...flags, '-fno-sanitize-recover=all', '-o', this.#program, ...files], {
      timeout: compilerBoundMs,
    });
  }

  /** What it writes when given these words and this input. */
  ask(words: readonly string[], input: string | Uint8Array = ''): string {
    // Looking for leaks at exit costs more than everything else together.
    const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
    return execFileSync(this.#program, words, { input, env, encoding: 'utf8', timeout: askBoundMs });
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
