// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFiles } from '../../results/manifest.ts';
import { KeystormError } from '../../vm/failure.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';

/** Where runs land unless told otherwise. */
export const standardRunsDir = fileURLToPath(new URL('../../results/runs', import.meta.url));
/** Runs that come with the checkout. */
export const examplesDir = fileURLToPath(new URL('../../results/examples', import.meta.url));

/**
 * Makes the folder of a new run, `<UTC time>-<seed>` and `suffix`, with `-2`, `-3`, … behind it if it is taken, and returns its path.
 * Two runs that start in the same second never share one.
 * @throws KeystormError (3) when it cannot be made.
 */
export function makeRunFolder(runsDir: string, createdAt: Date, seed: number, suffix = ''): string {
  const stamp = createdAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  try {
    makeFolderSync(runsDir);
    for (let n = 1; ; n++) {
      const dir = path.join(runsDir, `${stamp}-${seed}${suffix}${n === 1 ? '' : `-${n}`}`);
      if (tryMakeFolder(dir)) return dir;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KeystormError(`Cannot make a folder for the run in ${runsDir} (${why}); give --out another one.`, 3);
  }
}

/** The id of the run in a folder: its name, in the characters that an id may have. */
export function runIdOf(dir: string): string {
  const name = path.basename(path.resolve(dir)).replace(/[^A-Za-z0-9._-]/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : `run-${name}`;
}

/** The runs in a folder of runs, oldest first. A folder that does not exist has none. */
export function runFoldersIn(runsDir: string): string[] {
  if (!existsSync(runsDir)) return [];
  return readdirSync(runsDir)
    .map((name) => path.join(runsDir, name))
    .filter((dir) => existsSync(path.join(dir, runFiles.manifest)))
    .sort();
}

function tryMakeFolder(dir: string): boolean {
  try {
    mkdirSync(dir);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
