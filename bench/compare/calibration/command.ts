// SPDX-License-Identifier: MIT
/** `npm run calibrate:compare`: how often the statistics of `compare` are wrong, in invented worlds in which the truth is known. */

import { Command } from 'commander';
import { type CommandContext, wholeNumber } from '../../commands/context.ts';
import { settle } from '../../commands/program.ts';
import { inWorlds } from '../../measure/worlds.ts';
import { defaultDeltas } from '../judged.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

/** As `compare` has it when nothing is said. */
const alpha = 0.01;

interface Flags {
  readonly comparisons: number;
  readonly seed: number;
  readonly filter: string;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run calibrate:compare                     10,000 comparisons in each world, minutes
  npm run calibrate:compare -- --comparisons 500 --filter 'in turn'
  npm run -s calibrate:compare -- --json

Exit codes: 0 done, 2 usage. What would be too much is not for the command to say.`;

export function calibrateCommand({ output, finish }: CommandContext): Command {
  const command = new Command('calibrate:compare');
  settle(command, output);
  return command
    .description(
      'compare invented boots of which the truth is known, many times, and say how often the answer is wrong',
    )
    .option('--comparisons <n>', 'in each world', wholeNumber(1, 1_000_000), 10_000)
    .option('--seed <n>', 'of all that is drawn', wholeNumber(0, 2 ** 31 - 1), 7)
    .option('--filter <text>', 'only worlds whose description contains it', '')
    .option('--json', 'print the figures as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ comparisons, seed, filter, json }: Flags) => {
      const results = await inWorlds(worlds, filter, (name, world) => {
        const result = calibrate(world, comparisons, seed, alpha, Math.log1p(defaultDeltas.ratio));
        if (!json) output.result(calibrationText(name, result));
        return { name, seed, alpha, ...result };
      });
      if (json) output.result(JSON.stringify(results));
      finish(0);
    });
}

function calibrationText(
  name: string,
  { comparisons, rejections, falseAlarms, coverage, first, detectable }: Calibration,
): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const said = Object.entries(first).filter(([, share]) => share > 0);
  return [
    `${name}: ${comparisons} comparisons`,
    `  told from no difference without any ${percent(rejections)}, called regressed or improved ${percent(falseAlarms)}`,
    `  95% intervals that hold the truth ${coverage === null ? '–' : percent(coverage)}`,
    `  first metric: ${said.map(([outcome, share]) => `${outcome} ${percent(share)}`).join(', ')}`,
    `  minimum detectable effect ${detectable === null ? '–' : percent(Math.expm1(detectable))}`,
  ].join('\n');
}
