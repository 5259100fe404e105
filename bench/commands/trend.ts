import { type Command, InvalidArgumentError } from 'commander';
import { followedNames } from '../trend/followed.ts';
import { budgetNights, defaultBudget, defaultDeltas } from '../trend/rules.ts';
import type { TrendFlags } from './actions/trend.ts';
import { type CommandContext, collect } from './context.ts';

const nsPerMs = 1e6;

const examples = `
Examples:
  keystorm trend                                what changed in the history, and since when
  keystorm history add latest                   after each run, so that there is one
  keystorm trend --only-new --html trend.html   for a nightly job: fails once for each change; a page with pictures
  keystorm trend --json | jq '.alerts[] | select(.open and .verdict == "regressed")'

Exit codes: 0 nothing got worse; 1 something did, and no later change nor \`history reset\` has ended that (with
--only-new: it was found on the last night); 2 usage, no history or none of this version; 4 inconclusive: metrics that
are not known for long enough, figures that are missing, a damaged history.`;

export function declareTrend(command: Command, context: CommandContext): void {
  command
    .option('--history <dir>', "the history's folder (default: results/history)")
    .option('--metric <names>', `show only these of ${followedNames.join(', ')}`, collect, [])
    .option('--scenario <names>', 'show only these', collect, [])
    .option('--mechanism <names>', 'show only these', collect, [])
    .option(
      '--budget <n>',
      `false alerts in ${budgetNights} nights, of all metrics together`,
      between(0, 1000),
      defaultBudget,
    )
    .option(
      '--delta <share>',
      'a step of less than so much of a figure does not matter',
      between(0, 10),
      defaultDeltas.ratio,
    )
    .option(
      '--delta-errors <share>',
      'a step of the share of failed requests by less than so much of all requests does not matter',
      between(0, 1),
      defaultDeltas.share,
    )
    .option(
      '--delta-time <ms>',
      'a step of less than so many ms does not matter, where the time may be nothing (recovery.steady_time: how long after a fault figures are as before)',
      between(0, 1e6),
      defaultDeltas.time / nsPerMs,
    )
    .option('--only-new', 'exit code 1 only for what was found on the last night', false)
    .option('--html <file>', 'also write a page with pictures into this file')
    .option('--all', 'show every change and every metric', false)
    .option('--json', 'print one keystorm/trend/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: TrendFlags) => {
      const { trend } = await import('./actions/trend.ts');
      context.finish(await trend(flags, context));
    });
}

/** For commander: a number above `min` and below `max`. */
function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > min && value < max) return value;
    throw new InvalidArgumentError(`It must be a number above ${min} and below ${max}.`);
  };
}
