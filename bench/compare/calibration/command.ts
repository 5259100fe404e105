// SPDX-License-Identifier: MIT
/** `npm run calibrate:compare`: how often the statistics of `compare` are wrong, in invented worlds in which the truth is known. */
import type { Command } from 'commander';
import type { CommandContext } from '../../commands/context.ts';
import { worldsCommand } from '../../commands/worlds-command.ts';
import { defaultDeltas } from '../judged.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

/** As `compare` has it when nothing is said. */
const alpha = 0.01;

interface Sizes {
  readonly comparisons: number;
}

export function calibrateCommand(context: CommandContext): Command {
  return worldsCommand(
    {
      name: 'calibrate:compare',
      description:
        'compare invented boots of which the truth is known, many times, and say how often the answer is wrong',
      examples: `  npm run calibrate:compare                     10,000 comparisons in each world, minutes
  npm run calibrate:compare -- --comparisons 500 --filter 'in turn'
  npm run -s calibrate:compare -- --json`,
      worlds,
      sizes: [{ flag: '--comparisons <n>', what: 'in each world', most: 1_000_000, usual: 10_000 }],
      calibrate: (world, { comparisons, seed }: Sizes & { readonly seed: number }) => ({
        alpha,
        ...calibrate(world, comparisons, seed, alpha, Math.log1p(defaultDeltas.ratio)),
      }),
      text: calibrationText,
    },
    context,
  );
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
