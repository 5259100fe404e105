// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import type { BenchFlags } from './actions/bench.ts';
import type { CommandContext } from './context.ts';
import { addAccessOptions } from './machine-options.ts';
import { addPlanOptions } from './plan-options.ts';
import { shardOf } from './shard-option.ts';

const examples = `
Examples:
  keystorm bench --quick                        everything works? one boot, about two minutes on an idle machine
  keystorm bench                                three boots of the usual scenarios, about nine minutes likewise
  keystorm bench --mechanism stock,keyagent-fd --scenario latency --boots 10
  keystorm bench --scenario open-loop --rate 100,1000,5000
  keystorm bench --kernel 7.2 --quick           another of Debian's kernels; list kernels says which
  keystorm bench --kernel-tree ~/linux          the kernel you have built there
  keystorm bench --machine ssh:root@lab1        on a machine of yours, with the kernel it runs: says first what it would change
  keystorm bench --clock icount --quick         instructions in place of time: the same figures in every run
  keystorm bench --resume latest                the rest of a run that was cut off
  keystorm bench --plan plan.json --shard 2/4 --out s2   the second quarter of a plan; merge puts the four together
  keystorm bench --json > /tmp/run.json         one document on standard output, progress on standard error

Exit codes: 0 every expectation met, 1 one was not, 2 usage, 3 a guest or the harness broke, 4 inconclusive,
130 or 143 interrupted (once: what was measured is kept; twice: at once).`;

/** Options that decide about a plan: one that is in a file has them. */
const decidedByPlan = [
  'mechanism',
  'scenario',
  'rate',
  'kernel',
  'kernelTree',
  'module',
  'arrangement',
  'agentDelay',
  'pathInstructions',
  'machine',
  'accelerator',
  'clock',
  'smp',
  'boots',
  'seed',
  'quick',
  'repeat',
];
/** A run that is taken up has also its plan, and its place. */
const decidedBefore = [...decidedByPlan, 'plan', 'shard', 'out'];

export function declareBench(command: Command, context: CommandContext): void {
  addAccessOptions(addPlanOptions(command))
    .addOption(
      new Option('--plan <file>', "do what this plan says, which 'plan --out' has written").conflicts(decidedByPlan),
    )
    .option(
      '--shard <i/n>',
      'only the i-th of n parts of that plan, whole blocks of boots; merge puts them together',
      shardOf,
    )
    .option('--out <dir>', 'folder of this run (default: a new one in results/runs)')
    .addOption(
      new Option(
        '--resume <run>',
        'take up a run that was cut off: its folder, its name or latest; boots that came to their end stay as they are',
      ).conflicts(decidedBefore),
    )
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: BenchFlags) => {
      const { bench } = await import('./actions/bench.ts');
      context.finish(await bench(flags, context));
    });
}
