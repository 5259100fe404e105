// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { runFoldersIn, standardRunsDir } from '../run/run-folder.ts';
import type { Output } from './output.ts';

/** What every command is given. A command returns its exit code; see the table in the README. */
export interface CommandContext {
  readonly output: Output;
  /** Called with the exit code when the command is finished. */
  finish(code: number): void;
}

/** A path as the user meant it: npm changes to the checkout's folder before it runs anything. */
export function userPath(text: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), text);
}

/** A run's folder, from a path, from the name of a run where runs land by themselves, or from the word 'latest'. */
export function runPath(text: string): string {
  const given = userPath(text);
  if (existsSync(given) || text.includes(path.sep)) return given;
  if (text === 'latest') return latestRun();
  const named = path.join(standardRunsDir, text);
  return existsSync(named) ? named : given;
}

/** @throws KeystormError (2) when there is none. */
function latestRun(): string {
  const latest = runFoldersIn(standardRunsDir).at(-1);
  if (latest === undefined) throw new KeystormError('There is no run yet in results/runs; npm run bench makes one.');
  return latest;
}

/** For commander: collects the values of an option that may be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** For commander: a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
