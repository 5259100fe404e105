// SPDX-License-Identifier: MIT
/** Base and new measured in turn, then compared: how a difference is told from a host that does not stand still. */
import type { Command } from 'commander';
import { pairBoots, quickBoots } from '../pair/defaults.ts';
import type { PairFlags } from './actions/pair.ts';
import { addComparisonOptions } from './comparison-options.ts';
import type { CommandContext } from './context.ts';
import { addAccessOptions } from './machine-options.ts';
import { addClockOption, addWorkOptions } from './plan-options.ts';
import { explainSides } from './side-options.ts';

const examples = `
Examples:
  keystorm pair --base kernel=6.1 --new kernel=6.12              two of Debian's kernels
  keystorm pair --base module=HEAD~1 --new module=HEAD           a change of the kernel modules
  keystorm pair --clock icount --base module=HEAD~1 --new module=HEAD --mechanism keyagent-fd --scenario latency
                                                                 instructions in place of time: a change of 1% is found on a busy host
  keystorm pair --base kernel=6.12 --new tree=$HOME/linux --scenario latency --boots 20

A side is kernel=NAME or tree=DIR, and module=REVISION, with a comma between (and, to try a comparison on it, arrangement=N, delay=NS or
instructions=N); what is not said is as of bench. Each side becomes a run of
its own, in whose manifest the rules of the comparison stand from its beginning: compare, report and judge take them.
Exit codes as of compare: 0 improved, or unchanged within delta; 1 regressed; 2 usage; 3 a guest or the harness broke;
4 inconclusive; 130 or 143 interrupted.`;

export function declarePair(command: Command, context: CommandContext): void {
  command
    .requiredOption('--base <guest>', 'what is held against, such as kernel=6.1 or module=HEAD~1')
    .requiredOption('--new <guest>', 'likewise');
  explainSides(addPairingOptions(command), '--base')
    .addHelpText('after', examples)
    .action(async (flags: PairFlags) => {
      const { pair } = await import('./actions/pair.ts');
      context.finish(await pair(flags, context));
    });
}

/** The options that say how two guests are measured and compared, whichever they are. */
export function addPairingOptions(command: Command): Command {
  return addAccessOptions(addComparisonOptions(addClockOption(addWorkOptions(command, pairBoots, quickBoots))))
    .option('--out <dir>', 'folder of both runs, base and new (default: two new ones in results/runs)')
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/compare/1 document', false);
}
