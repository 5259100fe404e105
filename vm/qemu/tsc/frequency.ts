// SPDX-License-Identifier: MIT
/**
 * The frequency of this host's time stamp counter, which an emulated processor hands on to the guest. The guest would measure it
 * against an emulated timer, and on a busy host that goes wrong: clocks were seen to run ten times too fast for a whole boot.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cache, Product } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { sha256 } from '../../hash.ts';
import { run } from '../../host/command.ts';

const source = fileURLToPath(new URL('./frequency.c', import.meta.url));
const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-static', '-s'];
/** What is measured varies by a few parts in a million; rounded, one host's guests have one command line. */
const gridKHz = 100;

/** The product `tsc-frequency`: the program of that name, which measures it. */
export function tscProgram(cache: Cache, progress: (line: string) => void): Promise<Product> {
  return cache.product({
    kind: 'tsc-frequency',
    inputs: { source: sha256(readFileSync(source)), flags, format: 1 },
    progress,
    build: async (out) => {
      await run('gcc', [...flags, '-o', path.join(out, 'tsc-frequency'), source]);
    },
  });
}

/** In kHz; or why it is not known. */
export async function tscFrequency(
  cache: Cache,
  progress: (line: string) => void,
): Promise<{ readonly kHz: number } | { readonly note: string }> {
  try {
    const { dir } = await tscProgram(cache, progress);
    return { kHz: readFrequency(await run(path.join(dir, 'tsc-frequency'), [])) };
  } catch (error) {
    if (!(error instanceof KeystormError)) throw error;
    const why = error.message.split('\n')[0];
    return {
      note: `The guest's clock is calibrated by the guest, which goes wrong on a busy host: the host's could not be measured (${why}).`,
    };
  }
}

/** Reads what the program prints. KeystormError (exit 3) for what no processor has. */
export function readFrequency(text: string): number {
  const kHz = Number(text.trim() || Number.NaN);
  if (!(kHz >= 100_000 && kHz <= 20_000_000))
    throw new KeystormError(`the time stamp counter is said to tick at "${text.trim()}" kHz`, 3);
  return Math.round(kHz / gridKHz) * gridKHz;
}
