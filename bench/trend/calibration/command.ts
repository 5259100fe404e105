// SPDX-License-Identifier: MIT
/** `npm run calibrate:trend`: how often `trend` is wrong and how soon it is right, in invented histories in which the truth is known. */

import { Command } from 'commander';
import { type CommandContext, wholeNumber } from '../../commands/context.ts';
import { settle } from '../../commands/program.ts';
import { placedDelta } from '../../compare/judged.ts';
import { resolution } from '../../measure/ranking.ts';
import { inWorlds } from '../../measure/worlds.ts';
import { defaultBudget, defaultDeltas } from '../rules.ts';
import { type Calibration, calibrate, deadlines } from './calibrate.ts';
import { worlds } from './worlds.ts';

interface Flags {
  readonly years: number;
  readonly steps: number;
  readonly seed: number;
  readonly filter: string;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run calibrate:trend                       100 years or 2,000 steps in each world, minutes
  npm run calibrate:trend -- --years 10 --steps 300 --filter 'AR(0.5)'
  npm run -s calibrate:trend -- --json

Exit codes: 0 done, 2 usage. What would be too much is not for the command to say.`;

export function calibrateCommand({ output, finish }: CommandContext): Command {
  const command = new Command('calibrate:trend');
  settle(command, output);
  return command
    .description(
      'watch invented histories of which the truth is known, and say how often and how late the answer is wrong',
    )
    .option('--years <n>', 'in each world in which nothing changes', wholeNumber(1, 100_000), 100)
    .option('--steps <n>', 'in each world in which something does', wholeNumber(1, 1_000_000), 2_000)
    .option('--seed <n>', 'of all that is drawn', wholeNumber(0, 2 ** 31 - 1), 7)
    .option('--filter <text>', 'only worlds whose description contains it', '')
    .option('--json', 'print the figures as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ years, steps, seed, filter, json }: Flags) => {
      const rules = { budget: defaultBudget, delta: placedDelta({ scale: 'ratio' }, defaultDeltas), resolution };
      const results = await inWorlds(worlds, filter, (name, world) => {
        const result = calibrate(world, world.step === 0 ? years : steps, seed, rules);
        if (!json) output.result(calibrationText(name, result));
        return { name, seed, ...rules, ...result };
      });
      if (json) output.result(JSON.stringify(results));
      finish(0);
    });
}

function calibrationText(name: string, result: Calibration): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  if (result.kind === 'still') {
    const { years, mean, most, fourOrMore } = result;
    return `${name}: ${years} years\n  alarms a year ${mean.toFixed(2)}, at most ${most}; four or more in ${percent(fourOrMore)} of years`;
  }
  const { steps, found, bound, misplaced, falseBefore } = result;
  const told = deadlines.map((deadline, k) => `${deadline}: ${percent(found[k] ?? 0)} (${percent(bound[k] ?? 0)})`);
  return [
    `${name}: ${steps} steps`,
    `  found within nights (the most that is possible) ${told.join(', ')}`,
    `  misplaced by ${misplaced ?? '–'} nights (median); a false alarm before in ${percent(falseBefore)}`,
  ].join('\n');
}
