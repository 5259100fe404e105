import type { Command } from 'commander';
import type { Flags } from './actions/plan.ts';
import type { CommandContext } from './context.ts';
import { addPlanOptions } from './plan-options.ts';

const examples = `
Examples:
  keystorm plan --seed 7                        what 'bench --seed 7' would do, as JSON
  keystorm plan --quick --out plan.json

Exit codes: 0 printed or written; 2 usage, or nothing of what was asked for applies; 3 the disk.`;

export function declarePlan(command: Command, context: CommandContext): void {
  addPlanOptions(command)
    .option('--out <file>', 'write it there instead of to standard output')
    .option('--json', 'the plan is JSON anyway; accepted for the sake of uniformity', false)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { plan } = await import('./actions/plan.ts');
      context.finish(await plan(flags, context));
    });
}
