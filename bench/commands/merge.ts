import type { Command } from 'commander';
import type { Flags } from './actions/merge.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  keystorm merge shard-*                        one run of them, judged and reported, in results/runs
  keystorm merge shard-1 shard-3 --incomplete   what there is; the run says what it lacks

Before that:
  keystorm plan --boots 8 --out plan.json       then on each of four machines, i from 1 to 4:
  keystorm bench --plan plan.json --shard i/4 --out shard-i

Exit codes as of bench. 4 also, and nothing is written: a shard is missing or incomplete, and --incomplete was not given.`;

export function declareMerge(command: Command, context: CommandContext): void {
  command
    .argument('<run...>', 'the folders of all shards, in any order')
    .option('--out <dir>', 'folder of the run that comes of it (default: a new one in results/runs)')
    .option('--incomplete', 'merge although shards are missing or were cut off; the run is incomplete then', false)
    .option('--json', 'print one keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action(async (runs: string[], flags: Flags) => {
      const { merge } = await import('./actions/merge.ts');
      context.finish(await merge(runs, flags, context));
    });
}
