// SPDX-License-Identifier: MIT
import { Argument, type Command } from 'commander';
import type { Flags } from './actions/history.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm history add latest                   the figures of a run, for trend; the run itself need not be kept
  keystorm history add results/runs/*           many runs, in the order in which they were measured; files beside them are left out
  keystorm history reset --note 'slower on purpose: see 4f2c' --scenario storm
                                                what comes after is learned anew, and the change before is no longer open

Exit codes: 0 done, or the runs were there already; 2 usage, a run that is none or a shard, one older than the last of
the history, a damaged history; 3 the disk; 4 a run that is not whole, or has nothing that trend follows. Unless it is
0, nothing was appended.`;

export function declareHistory(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument('<action>', 'what to append').choices(['add', 'reset']))
    .argument('[run...]', "for add: runs' folders, their names in results/runs, or 'latest'")
    .option('--history <dir>', "the history's folder (default: results/history)")
    .option('--note <text>', 'for reset: why')
    .option('--metric <name>', 'for reset: only this metric')
    .option('--scenario <name>', 'for reset: only metrics of this scenario')
    .option('--mechanism <name>', 'for reset: only metrics of this mechanism')
    .option('--json', 'print what was appended as one line of JSON', false)
    .addHelpText('after', examples)
    .action(async (action: string, runs: string[], flags: Flags) => {
      const { history } = await import('./actions/history.ts');
      context.finish(await history(action, runs, flags, context));
    });
}
