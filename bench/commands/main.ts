// SPDX-License-Identifier: MIT
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError, type Option } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { unknownName } from '../plan/choose.ts';
import { plainText } from '../report/plain-text.ts';
import { describeTool } from '../run/host.ts';
import { addBenchCommand } from './bench.ts';
import { addCompletionCommand } from './completion.ts';
import { type CommandContext, demandNothingSwallowed } from './context.ts';
import { addDoctorCommand } from './doctor.ts';
import { addJudgeCommand } from './judge.ts';
import { addListCommand } from './list.ts';
import type { Output } from './output.ts';
import { addPlanCommand } from './plan.ts';
import { addReportCommand } from './report.ts';

/** Runs one command line and returns its exit code. Never throws: what went wrong is one sentence on standard error. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  let code = 0;
  const context: CommandContext = {
    output,
    finish: (each) => {
      code = each;
    },
  };
  try {
    const program = makeProgram(context);
    demandKnownCommand(program, args);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, output);
  }
}

const examples = `
Examples:
  keystorm doctor                               what this host has, what is missing, and the command that installs it
  keystorm bench --quick                        does everything work? one boot, about a minute
  keystorm list                                 what there is to choose from, and what was measured
  keystorm report latest                        the last run once more; no guest is needed
  keystorm bench --help                         options of a command, with examples`;

/** Every command with its options; nothing is done yet. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command('keystorm')
    .description('measure how Linux delivers request_key() upcalls to containers, and what happens when things break')
    .version(describeTool().version)
    .addHelpText('after', examples)
    .hook('preAction', (_program, command) => demandNothingSwallowed(command))
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.result(text.trimEnd()),
      // Usage errors are explained below, in one sentence; help that nobody asked for goes where errors go.
      writeErr: (text) => context.output.progress.line(text.trimEnd()),
      outputError: () => {},
    });
  addBenchCommand(program, context);
  addPlanCommand(program, context);
  addJudgeCommand(program, context);
  addReportCommand(program, context);
  addListCommand(program, context);
  addDoctorCommand(program, context);
  addCompletionCommand(program, context);
  return program;
}

/** With the default only where it says something: that a flag is off unless given need not be said. */
function describeOption({ description, defaultValue }: Option): string {
  const telling = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return telling ? `${description} (default: ${defaultValue})` : description;
}

/**
 * Commander answers `bensh --help` with the help of the whole, and success.
 * @throws KeystormError (2) for a command that does not exist, whatever stands behind it.
 */
function demandKnownCommand(program: Command, args: readonly string[]): void {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  const known = program.commands.map((command) => command.name());
  if (name !== undefined && !known.includes(name)) throw new KeystormError(unknownName('command', name, known));
}

/** Says what happened and returns the exit code for it. */
export function explain(error: unknown, output: Output): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return 2;
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\.$/, '');
    output.progress.line(`keystorm: ${message}; --help shows what there is.`);
    return 2;
  }
  debug(error, output);
  if (error instanceof KeystormError) {
    output.progress.line(`keystorm: ${plainText(error.message)}`);
    return error.exitCode;
  }
  const place = placeOfTrouble(error);
  if (place !== null) {
    output.progress.line(`keystorm: ${plainText(place)}`);
    return 3;
  }
  const message = error instanceof Error ? error.message : String(error);
  output.progress.line(`keystorm: an unexpected error: ${plainText(message)} (details in ${writeDetails(error)}).`);
  return 3;
}

/** What a file system said of a place, and what can be done about it. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'give yourself permission there',
  EPERM: 'give yourself permission there',
  EROFS: 'it is read-only',
  ENOSPC: 'free some space there',
  EDQUOT: 'your quota there is used up',
  EIO: 'its disk has an error',
  ENOTDIR: 'a file is where a folder is needed',
};

/** A sentence for a file-system error that nobody on the way put into words; null for any other. */
function placeOfTrouble(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return null;
  const remedy = remedies[String(error.code)];
  if (remedy === undefined) return null;
  const elsewhere = 'or choose another place: KEYSTORM_CACHE for the cache, --out for the run';
  return `${String(error.path)} cannot be used (${String(error.code)}): ${remedy}, ${elsewhere}.`;
}

function debug(error: unknown, output: Output): void {
  if (process.env.KEYSTORM_DEBUG === '1') output.progress.line(detailsOf(error));
}

function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${detailsOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function writeDetails(error: unknown): string {
  try {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'keystorm-error-')), 'details.txt');
    writeFileSync(file, `${detailsOf(error)}\n`);
    return file;
  } catch {
    return 'no file, as none could be written; KEYSTORM_DEBUG=1 shows them';
  }
}
