// SPDX-License-Identifier: MIT
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { KeystormError } from '../../../vm/failure.ts';
import { programCommand, typedPath } from '../../../vm/host/program.ts';
import { plainText } from '../../report/plain-text.ts';
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

/**
 * The same for several, such as a shell makes of `results/examples/*`: a plain file that lies beside runs is left out, and `note` says so.
 * One that stands alone is not: somebody took it for a run.
 * @throws KeystormError (2) when nothing is left.
 */
export function runPaths(texts: readonly string[], note: (line: string) => void): string[] {
  const paths = texts.map(runPath);
  const files = paths.length > 1 ? paths.filter(isFile) : [];
  if (files.length > 0 && files.length === paths.length)
    throw new KeystormError(
      `None of these ${files.length} is the folder of a run: they are files, such as ${files[0]}.`,
    );
  for (const file of files) note(`left out: ${plainText(typedPath(file))} is a file, and a run is a folder`);
  return paths.filter((each) => !files.includes(each));
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

/** @throws KeystormError (2) when there is none. */
function latestRun(): string {
  const latest = runFoldersIn(standardRunsDir).at(-1);
  if (latest === undefined)
    throw new KeystormError(`There is no run yet in results/runs; \`${programCommand()} bench\` makes one.`);
  return latest;
}
