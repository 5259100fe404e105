// SPDX-License-Identifier: MIT
/** What all command lines of this project have in common: where they write, how they fail, and what their help looks like. */
import type { Command, Option } from 'commander';
import { type CommandContext, demandNothingSwallowed } from './context.ts';
import { explain } from './explain.ts';
import { makeOutput, type Output } from './output.ts';

/** Runs one command line and returns its exit code. Never throws: what went wrong is one sentence on standard error. */
export async function runProgram(
  args: readonly string[],
  output: Output,
  make: (context: CommandContext) => Command | Promise<Command>,
): Promise<number> {
  let code = 0;
  const context: CommandContext = {
    output,
    finish: (each) => {
      code = each;
    },
  };
  try {
    const program = await make(context);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, output);
  }
}

/** For the file that bench/bootstrap.mjs imports: the command line of this process, which ends once what was written has been taken. */
export async function beProgram(make: (context: CommandContext) => Command | Promise<Command>): Promise<void> {
  const code = await runProgram(process.argv.slice(2), makeOutput(), make);
  process.stdout.write('', () => process.exit(code));
}

/** To be called before commands are added: they take over what is set then. */
export function settle(program: Command, output: Output): void {
  program
    .hook('preAction', (_program, command) => demandNothingSwallowed(command))
    .configureHelp({ optionDescription: describeOption, subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.result(text.trimEnd()),
      // Usage errors are explained in one sentence; help that nobody asked for goes where errors go.
      writeErr: (text) => output.progress.line(text.trimEnd()),
      outputError: () => {},
    });
}

/** With the default only where it says something: that a flag is off unless given need not be said. */
function describeOption({ description, defaultValue, defaultValueDescription }: Option): string {
  const telling = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return telling ? `${description} (default: ${defaultValueDescription ?? defaultValue})` : description;
}
