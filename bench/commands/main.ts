// SPDX-License-Identifier: MIT
import { Command } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { unknownName } from '../plan/choose.ts';
import { describeTool } from '../run/host.ts';
import { addBenchCommand } from './bench.ts';
import { addBisectCommand } from './bisect.ts';
import { addCalibrateCommand } from './calibrate.ts';
import { addCompareCommand } from './compare.ts';
import { addCompletionCommand } from './completion.ts';
import { type CommandContext, demandNothingSwallowed } from './context.ts';
import { addDoctorCommand } from './doctor.ts';
import { addExportCommand } from './export.ts';
import { addHistoryCommand } from './history.ts';
import { addJudgeCommand } from './judge.ts';
import { addListCommand } from './list.ts';
import { addMergeCommand } from './merge.ts';
import type { Output } from './output.ts';
import { addPairCommand } from './pair.ts';
import { addPlanCommand } from './plan.ts';
import { addPrepareCommand } from './prepare.ts';
import { runProgram, settle } from './program.ts';
import { addQueryCommand } from './query.ts';
import { addReportCommand } from './report.ts';
import { addShellCommand } from './shell.ts';
import { addStressCommand } from './stress.ts';
import { addTrendCommand } from './trend.ts';

/** Runs one command line and returns its exit code. Never throws: what went wrong is one sentence on standard error. */
export function main(args: readonly string[], output: Output): Promise<number> {
  return runProgram(args, output, (context) => {
    const program = makeProgram(context);
    const command = knownCommand(program, args);
    // `npm run bench --seed 7` leaves a 7 behind, of which nobody could say what it is too many of.
    if (command !== undefined) demandNothingSwallowed(command);
    return program;
  });
}

const examples = `
Examples:
  keystorm doctor                               what this host has, what is missing, and the command that installs it
  keystorm bench --quick                        does everything work? one boot, about two minutes
  keystorm list                                 what there is to choose from, and what was measured
  keystorm report latest                        the last run once more; no guest is needed
  keystorm bench --help                         options of a command, with examples`;

/** Every command with its options; nothing is done yet. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command('keystorm')
    .description('measure how Linux delivers request_key() upcalls to containers, and what happens when things break')
    .version(describeTool().version)
    .addHelpText('after', examples);
  settle(program, context.output);
  addBenchCommand(program, context);
  addPairCommand(program, context);
  addCalibrateCommand(program, context);
  addBisectCommand(program, context);
  addStressCommand(program, context);
  addShellCommand(program, context);
  addPrepareCommand(program, context);
  addPlanCommand(program, context);
  addMergeCommand(program, context);
  addJudgeCommand(program, context);
  addReportCommand(program, context);
  addExportCommand(program, context);
  addCompareCommand(program, context);
  addHistoryCommand(program, context);
  addTrendCommand(program, context);
  addQueryCommand(program, context);
  addListCommand(program, context);
  addDoctorCommand(program, context);
  addCompletionCommand(program, context);
  return program;
}

/**
 * The command that is named, if one is. (Commander answers `bensh --help` with the help of the whole, and success.)
 * @throws KeystormError (2) for a command that does not exist, whatever stands behind it.
 */
function knownCommand(program: Command, args: readonly string[]): Command | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  const known = program.commands.map((command) => command.name());
  if (name !== undefined && !known.includes(name)) throw new KeystormError(unknownName('command', name, known));
  return program.commands.find((command) => command.name() === name);
}
