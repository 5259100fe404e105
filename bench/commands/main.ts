// SPDX-License-Identifier: MIT
import { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { programCommand } from '../../vm/host/program.ts';
import { unknownName } from '../plan/choose.ts';
import { toolVersion } from '../run/host.ts';
import { type CommandContext, demandNothingSwallowed } from './context.ts';
import type { Output } from './output.ts';
import { runProgram, settle } from './program.ts';
import { commandTable } from './table.ts';

/** Runs one command line and returns its exit code. Never throws: what went wrong is one sentence on standard error. */
export function main(args: readonly string[], output: Output): Promise<number> {
  return runProgram(args, output, async (context) => {
    const name = nameIn(args);
    const program = await makeProgram(context, (each) => each === name);
    const command = program.commands.find((each) => each.name() === name);
    // `npm run bench --seed 7` leaves a 7 behind, of which nobody could say what it is too many of.
    if (command !== undefined) demandNothingSwallowed(command);
    return program;
  });
}

const examples = `
Examples:
  keystorm doctor                               what this host has, what is missing, and the command that installs it
  keystorm bench --quick                        does everything work? one boot, about two minutes on an idle machine
  keystorm list                                 what there is to choose from, and what was measured
  keystorm report latest                        the last run once more; no guest is needed
  keystorm bench --help                         options of a command, with examples`;

/** Help says `keystorm`; where that is no command, it says once what is typed for it. */
export function howToType(program: string): string {
  return program === 'keystorm' ? '' : `\nHere keystorm is typed: ${program}`;
}

/**
 * Every command, and of those that are `needed` also what belongs to them: of the others name and description are all that is known.
 * Nothing is done yet.
 */
export async function makeProgram(
  context: CommandContext,
  needed: (name: string) => boolean = () => true,
): Promise<Command> {
  const program = new Command('keystorm')
    .description('measure how Linux delivers request_key() upcalls to containers, and what happens when things break')
    .version(toolVersion())
    .addHelpText('after', examples)
    .addHelpText('afterAll', howToType(programCommand()));
  settle(program, context.output);
  for (const { name, description, load } of commandTable) {
    const command = program.command(name).description(description);
    if (needed(name)) (await load())(command, context, () => makeProgram(context));
  }
  return program;
}

/**
 * The command that is named, if one is. (Commander answers `bensh --help` with the help of the whole, and success.)
 * @throws KeystormError (2) for a command that does not exist, whatever stands behind it.
 */
function nameIn(args: readonly string[]): string | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  const known = commandTable.map((command) => command.name);
  if (name !== undefined && !known.includes(name)) throw new KeystormError(unknownName('command', name, known));
  return name;
}
