// SPDX-License-Identifier: MIT
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { userFolder } from '../../vm/host/program.ts';
import type { Output } from './output.ts';

/** What every command is given. A command returns its exit code; see the table in the README. */
export interface CommandContext {
  readonly output: Output;
  /** Called with the exit code when the command is finished. */
  finish(code: number): void;
}

/** A path as the user meant it: npm changes to the checkout's folder before it runs anything. */
export function userPath(text: string): string {
  // An unset variable of a script, most likely; the folder one happens to be in is a poor guess.
  if (text.trim() === '') throw new KeystormError('An empty path was given; name a file or a folder.');
  return path.resolve(userFolder(), text);
}

/** Options whose names npm has a use for itself. */
const npmsOwn: readonly string[] = ['json', 'version', 'help', 'yes'];

/**
 * `npm run bench --quick`: npm takes the option for one of its own, says so in a warning, and passes nothing on.
 * @throws KeystormError (2), rather than let the full run begin.
 */
export function demandNothingSwallowed(command: Command, env: NodeJS.ProcessEnv = process.env): void {
  const names = command.options.flatMap(({ long }) => (long === undefined ? [] : [long.replace(/^--(no-)?/, '')]));
  const ours = names.filter((name) => !npmsOwn.includes(name));
  const name = ours.find((each) => env[`npm_config_${each.replaceAll('-', '_')}`] !== undefined);
  if (name === undefined) return;
  const before = `put -- before the options, as in npm run ${command.name()} -- --${name}`;
  throw new KeystormError(`npm took --${name} for itself: ${before}.`);
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
