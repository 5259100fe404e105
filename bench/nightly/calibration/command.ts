// SPDX-License-Identifier: MIT
/** `npm run calibrate:nightly`: how many alerts are raised in a year in which nothing is wrong. */
import { Command } from 'commander';
import { type CommandContext, wholeNumber } from '../../commands/context.ts';
import { settle } from '../../commands/program.ts';
import { inWorlds } from '../../measure/worlds.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { worlds } from './worlds.ts';

interface Flags {
  readonly years: number;
  readonly seed: number;
  readonly filter: string;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run calibrate:nightly                     20 years in each world, minutes
  npm run calibrate:nightly -- --years 2 --filter 'AR(0.5)'
  npm run -s calibrate:nightly -- --json

Exit codes: 0 done, 2 usage. What would be too much is not for the command to say.`;

export function calibrateCommand({ output, finish }: CommandContext): Command {
  const command = new Command('calibrate:nightly');
  settle(command, output);
  return command
    .description('live through invented years in which nothing is wrong, and count the alerts that nightly raises')
    .option('--years <n>', 'in each world', wholeNumber(1, 10_000), 20)
    .option('--seed <n>', 'of all that is drawn', wholeNumber(0, 2 ** 31 - 1), 7)
    .option('--filter <text>', 'only worlds whose description contains it', '')
    .option('--json', 'print the figures as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ years, seed, filter, json }: Flags) => {
      const results = await inWorlds(worlds, filter, (name, world) => {
        const result = calibrate(world, years, seed);
        if (!json) output.result(calibrationText(name, result));
        return { name, seed, ...result };
      });
      if (json) output.result(JSON.stringify(results));
      finish(0);
    });
}

function calibrationText(name: string, result: Calibration): string {
  const { years, comparison, trend, events, mostEvents, fourOrMore, told } = result;
  return [
    `${name}: ${years} years`,
    `  nights a year with an alert ${events.toFixed(2)}, at most ${mostEvents}; four or more in ${(fourOrMore * 100).toFixed(1)}% of years`,
    `  alerts a year: comparison ${comparison.toFixed(2)}, trend ${trend.toFixed(2)}; nights a year told from the baseline ${told.toFixed(2)}`,
  ].join('\n');
}
