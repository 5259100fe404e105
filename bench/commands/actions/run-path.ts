// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';
import { KeystormError } from '../../../vm/failure.ts';
import { programCommand } from '../../../vm/host/program.ts';
import { examplesDir, runFoldersIn, standardRunsDir } from '../../run/run-folder.ts';
import { userPath } from '../context.ts';

/** A run's folder: from a path, from the name of a run in results/runs or results/examples, or from the word 'latest'. */
export function runPath(text: string): string {
  const given = userPath(text);
  if (existsSync(given) || text.includes(path.sep)) return given;
  if (text === 'latest') return latestRun();
  const named = [standardRunsDir, examplesDir].map((dir) => path.join(dir, text));
  return named.find((dir) => existsSync(dir)) ?? given;
}

/** @throws KeystormError (2) when there is none. */
function latestRun(): string {
  const latest = runFoldersIn(standardRunsDir).at(-1);
  if (latest === undefined)
    throw new KeystormError(`There is no run yet in results/runs; \`${programCommand()} bench\` makes one.`);
  return latest;
}
