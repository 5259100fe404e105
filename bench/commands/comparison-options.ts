// SPDX-License-Identifier: MIT
/** By what two sides are compared: the options of the commands that compare. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ComparisonRules } from '../compare/figures.ts';
import { countedDeltas, defaultDeltas } from '../compare/judged.ts';
import { leastAlpha } from '../compare/statistics/relabelling.ts';

const defaultAlpha = 0.01;
const nsPerMs = 1e6;

/** What commander makes of them; absent: not given. */
export interface ComparisonFlags {
  readonly alpha?: number;
  readonly delta?: number;
  readonly deltaErrors?: number;
  readonly deltaTime?: number;
}

/** By the clock of the guests that are compared. */
export function defaultRulesBy(clock: string | undefined, alpha = defaultAlpha): ComparisonRules {
  return { alpha, deltas: clock === 'icount' ? countedDeltas : defaultDeltas };
}

/** `alpha`: what holds where that option is not given; the others go by the clock that the guests have. */
export function addComparisonOptions(command: Command, alpha = defaultAlpha): Command {
  const deltas = defaultDeltas;
  return command
    .option('--alpha <share>', `chance of a false alarm, of all metrics together (default: ${alpha})`, alphaOf)
    .option(
      '--delta <share>',
      `a change of at most so much of a figure does not matter (default: ${deltas.ratio}; ${countedDeltas.ratio} where instructions are counted)`,
      between(0, 10),
    )
    .option(
      '--delta-errors <share>',
      `a change of the share of failed requests by at most so much of all requests does not matter (default: ${deltas.share})`,
      between(0, 1),
    )
    .option(
      '--delta-time <ms>',
      `a change of a time by at most so many ms does not matter, where the time may be nothing (recovery.steady_time: how long after a fault figures are as before; default: ${deltas.time / nsPerMs})`,
      between(0, 1e6),
    );
}

/** What the flags say, and where they say nothing, `otherwise`. */
export function rulesOf(flags: ComparisonFlags, otherwise: ComparisonRules): ComparisonRules {
  const { alpha, delta, deltaErrors, deltaTime } = flags;
  const { deltas } = otherwise;
  return {
    alpha: alpha ?? otherwise.alpha,
    deltas: {
      ratio: delta ?? deltas.ratio,
      share: deltaErrors ?? deltas.share,
      time: deltaTime === undefined ? deltas.time : deltaTime * nsPerMs,
    },
  };
}

/** For commander: a chance that can be undercut. */
function alphaOf(text: string): number {
  const value = between(0, 1)(text);
  if (value >= leastAlpha) return value;
  throw new InvalidArgumentError(
    `It must be at least ${leastAlpha}: of no more than ${1 / leastAlpha} ways to call the boots base and new that are looked at, no chance is smaller.`,
  );
}

/** For commander: a number above `min` and below `max`. */
function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > min && value < max) return value;
    throw new InvalidArgumentError(`It must be a number above ${min} and below ${max}.`);
  };
}
