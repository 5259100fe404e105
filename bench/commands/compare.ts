// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { comparedNames } from '../compare/judged.ts';
import type { CompareFlags } from './actions/compare.ts';
import { addComparisonOptions } from './comparison-options.ts';
import { type CommandContext, collect } from './context.ts';

const examples = `
Examples:
  keystorm compare 2026-01-01T00-00-00Z-7 latest        two runs: of two kernels, or before and after a change
  keystorm compare latest --mechanism keyagent-fd --against keyagent-signal
  keystorm compare BASE NEW --metric upcall.latency.p50,upcall.throughput --scenario latency
  keystorm compare BASE NEW --delta 0.02 --json | jq '.metrics[] | select(.verdict == "regressed")'

Runs with --clock icount are compared with their like alone, layout by layout (boots of one seed), request by request.
Exit codes: 0 improved, or unchanged within delta; 1 regressed; 2 usage, or runs that cannot be compared;
4 inconclusive: too few boots (the text says how many would do), figures that are missing, a boot that did not come
to its end, a run that is not whole.`;

export function declareCompare(command: Command, context: CommandContext): void {
  command
    .argument('<base>', "a run's folder, its name in results/runs, or 'latest'")
    .argument('[new]', 'likewise; left out: two mechanisms of base are compared')
    .option(
      '--mechanism <names>',
      'only these, with commas; with --against the one that is held against it',
      collect,
      [],
    )
    .option('--against <name>', 'another mechanism of the same run, as base')
    .option('--scenario <names>', 'only these', collect, [])
    .option('--metric <names>', `only these of ${comparedNames.join(', ')}`, collect, []);
  addComparisonOptions(command)
    .option('--all', 'show every metric', false)
    .option('--force', 'compare runs that differ in more than kernel and module', false)
    .option('--json', 'print one keystorm/compare/1 document', false)
    .addHelpText('after', examples)
    .action(async (base: string, other: string | undefined, flags: CompareFlags) => {
      const { compareRuns } = await import('./actions/compare.ts');
      context.finish(await compareRuns(base, other, flags, context));
    });
}
