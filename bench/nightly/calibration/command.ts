// SPDX-License-Identifier: MIT
/** `npm run calibrate:nightly`: how many alerts are raised in a year in which nothing is wrong. */
import type { Command } from 'commander';
import type { CommandContext } from '../../commands/context.ts';
import { worldsCommand } from '../../commands/worlds-command.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

interface Sizes {
  readonly years: number;
}

export function calibrateCommand(context: CommandContext): Command {
  return worldsCommand(
    {
      name: 'calibrate:nightly',
      description: 'live through invented years in which nothing is wrong, and count the alerts that nightly raises',
      examples: `  npm run calibrate:nightly                     20 years in each world, minutes
  npm run calibrate:nightly -- --years 2 --filter 'AR(0.5)'
  npm run -s calibrate:nightly -- --json`,
      worlds,
      sizes: [{ flag: '--years <n>', what: 'in each world', most: 10_000, usual: 20 }],
      calibrate: (world, { years, seed }: Sizes & { readonly seed: number }) => calibrate(world, years, seed),
      text: calibrationText,
    },
    context,
  );
}

function calibrationText(name: string, result: Calibration): string {
  const { years, comparison, trend, events, mostEvents, fourOrMore, told } = result;
  return [
    `${name}: ${years} years`,
    `  nights a year with an alert ${events.toFixed(2)}, at most ${mostEvents}; four or more in ${(fourOrMore * 100).toFixed(1)}% of years`,
    `  alerts a year: comparison ${comparison.toFixed(2)}, trend ${trend.toFixed(2)}; nights a year told from the baseline ${told.toFixed(2)}`,
  ].join('\n');
}
