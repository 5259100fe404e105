import type { Command } from 'commander';
import { nightlyAlpha, nightlyBoots, quickNightlyBoots } from '../nightly/rules.ts';
import type { NightlyFlags } from './actions/nightly.ts';
import { addComparisonOptions } from './comparison-options.ts';
import type { CommandContext } from './context.ts';
import { addAccessOptions } from './machine-options.ts';
import { addClockOption, addWorkOptions } from './plan-options.ts';
import { explainSides } from './side-options.ts';

const examples = `
Examples:
  keystorm nightly --baseline kernel=6.1,module=v1                    this tree's modules against those of v1, a tag of yours
  keystorm nightly --clock icount --baseline module=v1 --mechanism keyagent-fd --scenario latency --history ~/counted
                                                                      instructions in place of time: 1 to 3% are found on a busy host
  keystorm nightly --baseline kernel=6.12 --new tree=$HOME/linux --scenario latency --history ~/nights --out ~/public/keystorm
  30 1 * * * cd ~/keystorm && npm run -s keystorm -- nightly --baseline module=v1 --only-new     a line of crontab

Measures baseline and new in turn like pair (with --locked), compares them, appends the run of new to the history, looks at its
trend, and writes nightly.html, .md, .txt and .json, junit.xml, benchstat.txt and others into one folder. An alert is raised once, then
said to be still open, and its end is told once. See docs/nightly.md.
Exit codes: 0 nothing is worse; 1 an alert is open: something regressed, or an expectation is not met (with --only-new: one was raised tonight);
2 usage, another nightly at the same history, a damaged history; 3 a guest or the harness broke; 4 inconclusive; 130 or 143 interrupted. With
130, 143, and 2 or 3 from before the end of measuring nothing was appended or told, and until measuring begins the last report stands. If then the
report cannot be written (2, or 3: the disk), which is tried before, the night is in the history, and its alerts are raised by the next.`;

export function declareNightly(command: Command, context: CommandContext): void {
  command
    .requiredOption('--baseline <guest>', 'what is held against, such as kernel=6.1,module=v1; see pair')
    .option('--new <guest>', "likewise (default: the usual kernel, and the working tree's kernel modules)");
  explainSides(command, '--baseline');
  addAccessOptions(
    addComparisonOptions(addClockOption(addWorkOptions(command, nightlyBoots, quickNightlyBoots)), nightlyAlpha),
  )
    .option('--history <dir>', "the history's folder (default: results/history)")
    .option(
      '--out <dir>',
      "folder of the report; the runs go into runs in it (default: nightly in the history's folder, and results/runs)",
    )
    .option('--only-new', 'exit code 1 only for what was raised tonight', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/nightly/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: NightlyFlags) => {
      const { nightly } = await import('./actions/nightly.ts');
      context.finish(await nightly(flags, context));
    });
}
