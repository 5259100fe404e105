import { type Command, InvalidArgumentError } from 'commander';
import {
  countedBoots,
  countedComparisons,
  quickBoots,
  standardAdditions,
  standardBlocksEach,
  standardBoots,
  standardComparisons,
  standardDelays,
  standardTrials,
} from '../calibrate/defaults.ts';
import type { CalibrateFlags } from './actions/calibrating.ts';
import { addComparisonOptions } from './comparison-options.ts';
import { type CommandContext, wholeNumber } from './context.ts';
import { addKernelOption } from './kernel-options.ts';
import { addAccessOptions } from './machine-options.ts';
import { addClockOption, addWorkOptions } from './plan-options.ts';

const mostDelays = 5;

const examples = `
Examples:
  keystorm calibrate --mechanism keyagent-fd --scenario latency          160 boots and a pilot: most of an hour
  keystorm calibrate --mechanism keyagent-fd --scenario latency --boots 60 --delays 2,5,10
  keystorm calibrate --clock icount --mechanism keyagent-fd --scenario latency        instructions in place of time

Boots two guests that do not differ, and others whose agents are busy for 3% and 10% of a usual p50 before each answer, block by block in
turn; then compares what might have been: blocks drawn again and again, for each a coin that says which of the two is base. What comes out
is kept in results/calibrations, and put into the folder of each later run of this host, whose comparisons cite it.
With --clock icount: layouts in place of blocks; two builds of one source, arranged in two ways; and guests whose module executes 1% more
instructions in each upcall. Which side has them is drawn for each trial. Of one mechanism and one load. Boots one after the other, three a layout, of which one is restored.
Exit codes: 0 a certificate was written; 2 usage; 3 a guest or the harness broke; 4 too few blocks came to their end.`;

export function declareCalibrate(command: Command, context: CommandContext): void {
  addKernelOption(command);
  addAccessOptions(
    addComparisonOptions(addClockOption(addWorkOptions(command, standardBoots, quickBoots, countedBoots))),
  )
    .option(
      '--delays <percents>',
      `by the wall's clock: by how much agents are slowed down on purpose, in percent of the p50 of an upcall, separated by commas: differences that comparisons should find (default: ${standardDelays.join()})`,
      percents,
    )
    .option(
      '--additions <percents>',
      `with --clock icount: known differences, in percent of what a request takes, separated by commas (default: ${standardAdditions})`,
      percents,
    )
    .option(
      '--trials <n>',
      `with --clock icount: blinded, of each addition (default: ${standardTrials})`,
      wholeNumber(1, 100_000),
    )
    .option(
      '--recorded <dir>',
      'boot nothing: what an earlier calibration with --clock icount has recorded in --out <dir>, analysed by --additions, --blocks-each, --comparisons, --trials and the rules',
    )
    .option('--blocks-each <n>', 'blocks in each comparison', wholeNumber(2, 999), standardBlocksEach)
    .option(
      '--comparisons <n>',
      `how many are drawn (default: ${standardComparisons}, with --clock icount ${countedComparisons})`,
      wholeNumber(1, 100_000),
    )
    .option('--out <dir>', 'folder of its runs and the certificate (default: new ones in results/runs)')
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print the keystorm/calibration/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: CalibrateFlags) => {
      const { calibrate } = await import('./actions/calibrate.ts');
      context.finish(await calibrate(flags, context));
    });
}

/** For commander: percents with commas between them. */
function percents(text: string): number[] {
  const values = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const ok = values.every((value) => value > 0 && value <= 1_000) && new Set(values).size === values.length;
  if (ok && values.length <= mostDelays) return values;
  throw new InvalidArgumentError(
    `It must be up to ${mostDelays} different numbers above 0 and up to 1000, separated by commas.`,
  );
}
