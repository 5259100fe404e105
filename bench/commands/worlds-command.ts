// SPDX-License-Identifier: MIT
/** Invented worlds of which the truth is known: what the commands that calibrate statistics on them have in common. */
import { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { type CommandContext, wholeNumber } from './context.ts';
import { settle } from './program.ts';

/** How much is done in each world: an option, its default, and what it counts. */
export interface Size {
  /** As commander has it: `--years <n>`. */
  readonly flag: string;
  readonly what: string;
  readonly most: number;
  readonly usual: number;
}

interface SharedFlags {
  readonly seed: number;
  readonly filter: string;
  readonly json: boolean;
}

/** A command that calibrates: `Sizes` are what its sizes are read into, by name. */
export interface WorldsCommand<World, Sizes, Result extends object> {
  readonly name: string;
  readonly description: string;
  /** For its help, before the exit codes. */
  readonly examples: string;
  readonly worlds: Readonly<Record<string, World>>;
  readonly sizes: readonly Size[];
  /** What came of one world; it goes into the JSON as it is. */
  readonly calibrate: (world: World, flags: Sizes & { readonly seed: number }) => Result;
  readonly text: (name: string, result: Result) => string;
}

const exitCodes = 'Exit codes: 0 done, 2 usage. What would be too much is not for the command to say.';

export function worldsCommand<World, Sizes, Result extends object>(
  { name, description, examples, worlds, sizes, calibrate, text }: WorldsCommand<World, Sizes, Result>,
  { output, finish }: CommandContext,
): Command {
  const command = new Command(name);
  settle(command, output);
  command.description(description);
  for (const { flag, what, most, usual } of sizes) command.option(flag, what, wholeNumber(1, most), usual);
  return command
    .option('--seed <n>', 'of all that is drawn', wholeNumber(0, 2 ** 31 - 1), 7)
    .option('--filter <text>', 'only worlds whose description contains it', '')
    .option('--json', 'print the figures as JSON', false)
    .addHelpText('after', `\nExamples:\n${examples}\n\n${exitCodes}`)
    .action(async (flags: SharedFlags & Sizes) => {
      const results = await inWorlds(worlds, flags.filter, (world, of) => {
        const result = calibrate(of, flags);
        if (!flags.json) output.result(text(world, result));
        return { name: world, seed: flags.seed, ...result };
      });
      if (flags.json) output.result(JSON.stringify(results));
      finish(0);
    });
}

/**
 * Does `work` with each world whose description contains `filter`, in their order, and returns what it gave. A signal is heard between worlds.
 * @throws KeystormError (2) when there is none.
 */
async function inWorlds<World, T>(
  worlds: Readonly<Record<string, World>>,
  filter: string,
  work: (name: string, world: World) => T,
): Promise<T[]> {
  const chosen = Object.entries(worlds).filter(([name]) => name.includes(filter));
  if (chosen.length === 0)
    throw new KeystormError(`No world's description contains '${filter}'; without --filter all are tried.`);
  const results: T[] = [];
  for (const [name, world] of chosen) {
    results.push(work(name, world));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}
