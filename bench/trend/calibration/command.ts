// SPDX-License-Identifier: MIT
/** `npm run calibrate:trend`: how often `trend` is wrong and how soon it is right, in invented histories in which the truth is known. */
import type { Command } from 'commander';
import type { CommandContext } from '../../commands/context.ts';
import { worldsCommand } from '../../commands/worlds-command.ts';
import { placedDelta } from '../../compare/judged.ts';
import { resolution } from '../../measure/ranking.ts';
import { defaultBudget, defaultDeltas } from '../rules.ts';
import { type Calibration, calibrate, deadlines } from './calibrate.ts';
import { worlds } from './worlds.ts';

interface Sizes {
  readonly years: number;
  readonly steps: number;
}

export function calibrateCommand(context: CommandContext): Command {
  const rules = { budget: defaultBudget, delta: placedDelta({ scale: 'ratio' }, defaultDeltas), resolution };
  return worldsCommand(
    {
      name: 'calibrate:trend',
      description:
        'watch invented histories of which the truth is known, and say how often and how late the answer is wrong',
      examples: `  npm run calibrate:trend                       100 years or 2,000 steps in each world, minutes
  npm run calibrate:trend -- --years 10 --steps 300 --filter 'AR(0.5)'
  npm run -s calibrate:trend -- --json`,
      worlds,
      sizes: [
        { flag: '--years <n>', what: 'in each world in which nothing changes', most: 100_000, usual: 100 },
        { flag: '--steps <n>', what: 'in each world in which something does', most: 1_000_000, usual: 2_000 },
      ],
      calibrate: (world, { years, steps, seed }: Sizes & { readonly seed: number }) => ({
        ...rules,
        ...calibrate(world, world.step === 0 ? years : steps, seed, rules),
      }),
      text: calibrationText,
    },
    context,
  );
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
