// SPDX-License-Identifier: MIT
/** The example agent with the changes that docs/writing-an-agent.md shows, taken from there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutDir } from '../../../../cache.ts';

const source = fileURLToPath(new URL('../example-agent.c', import.meta.url));
const include = path.join(checkoutDir, 'vm', 'guest', 'include');
const boundMs = 60_000;

/** A route, and the example as it is for it. */
export interface Variant {
  readonly name: 'userns' | 'intercept';
  readonly source: string;
  /** @throws Error with the compiler's words. */
  compile(output: string, flags?: readonly string[]): void;
}

/** The patches of the guide, in their order. */
function patches(): string[] {
  const guide = readFileSync(path.join(checkoutDir, 'docs', 'writing-an-agent.md'), 'utf8');
  return [...guide.matchAll(/^```diff\n([\s\S]*?)^```$/gm)].map(([, patch = '']) => patch);
}

/** `text` with a patch applied by git. @throws Error when it does not apply. */
function patched(text: string, patch: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-variant-'));
  try {
    const file = path.join(folder, 'example-agent.c');
    writeFileSync(file, text);
    execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: patch, timeout: boundMs });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile(text: string, output: string, flags: readonly string[]): void {
  const all = ['-std=c11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Werror', `-I${include}`, ...flags];
  execFileSync('gcc', [...all, '-x', 'c', '-o', output, '-'], { input: text, timeout: boundMs });
}

/** One for each route that the guide shows a patch for. */
export function variants(): Variant[] {
  let text = readFileSync(source, 'utf8');
  return patches().map((patch, i) => {
    const name = (['userns', 'intercept'] as const)[i];
    if (name === undefined) throw new Error('The guide shows more patches than there are variants.');
    text = patched(text, patch);
    const mine = text;
    return { name, source: mine, compile: (output, flags = []) => compile(mine, output, flags) };
  });
}
