// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { JudgeFlags } from './actions/judge.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm judge results/runs/2026-01-01T00-00-00Z-7
  keystorm judge 2026-01-01T00-00-00Z-7 --json

Exit codes: 0 every expectation met; 1 one was not; 2 usage, or no run that can be read; 3 a guest or the harness broke in it;
4 it is not whole, or something expected could not be seen.`;

export function declareJudge(command: Command, context: CommandContext): void {
  command
    .argument('<run>', "a run's folder, its name in results/runs, or 'latest'")
    .option('--json', 'print one keystorm/judge/1 document', false)
    .addHelpText('after', examples)
    .action(async (run: string, flags: JudgeFlags) => {
      const { judge } = await import('./actions/judge.ts');
      context.finish(await judge(run, flags, context));
    });
}
