// SPDX-License-Identifier: MIT
/** What is to be said of each of several metrics, tested together. Pure: nothing here knows what the numbers are of. */
import { median } from '../../measure/median.ts';
import type { Interval } from '../../measure/metric.ts';
import { shiftBetween } from '../../measure/rank-sum.ts';
import { shiftOf } from '../../measure/signed-rank.ts';
import { type Family, testTogether } from './family.ts';
import { bootsNeeded, detectable } from './power.ts';
import type { Values } from './values.ts';

export const outcomes = ['regressed', 'improved', 'unchanged', 'underpowered'] as const;
export type Outcome = (typeof outcomes)[number];

/** Everything on the scale of the values. */
export interface Question {
  readonly values: Values;
  readonly better: 'lower' | 'higher';
  /** A difference of at most so much is none that matters. */
  readonly delta: number;
  /** The figures themselves do not tell apart what differs by less; absent: 0. */
  readonly resolution?: number | undefined;
}

export interface Answer {
  readonly outcome: Outcome;
  /** New − base. */
  readonly estimate: number;
  /** Of this difference alone, not of all at once. Null: too few boots for any. */
  readonly interval: Interval | null;
  /** Corrected for all that was tested with it. */
  readonly chance: number;
  /** The least difference that would have been found; null: none, however large. */
  readonly detectable: number | null;
  /** Blocks, or boots a side, with which a difference of `delta` would be found; null where the scatter is not known. */
  readonly bootsNeeded: number | null;
}

export interface Answers {
  /** In the order of the questions. */
  readonly answers: readonly Answer[];
  readonly relabellings: Family['relabellings'];
}

/**
 * Unchanged: the interval lies within ±delta, whether or not the difference is told from 0. Else regressed or improved: the difference is told
 * from 0 at `alpha`, corrected for all. Else underpowered. @throws RangeError without a question.
 */
export function answer(questions: readonly Question[], alpha: number): Answers {
  const { tested, critical, relabellings } = testTogether(
    questions.map(({ values }) => values),
    alpha,
  );
  const answers = questions.map((question, i): Answer => {
    const { values, delta } = question;
    const chance = tested[i]?.chance ?? 1;
    const { estimate, interval } = shiftIn(values, question.resolution);
    return {
      outcome: outcomeOf(question, interval, chance <= alpha),
      estimate,
      interval,
      chance,
      detectable: detectable(values, critical),
      bootsNeeded: bootsNeeded(values, delta, alpha, questions.length),
    };
  });
  return { answers, relabellings };
}

/** The difference alone, without a test: no narrower than what the figures can tell apart. */
export function shiftIn(values: Values, resolution = 0): Pick<Answer, 'estimate' | 'interval'> {
  const shift = values.kind === 'paired' ? shiftOf(values.differences) : shiftBetween(values.base, values.new);
  if (shift === null) {
    const estimate = values.kind === 'paired' ? median(values.differences) : median(values.new) - median(values.base);
    return { estimate, interval: null };
  }
  const { estimate, interval } = shift;
  const low = Math.min(interval.low, estimate - resolution);
  const high = Math.max(interval.high, estimate + resolution);
  return { estimate, interval: { ...interval, low, high } };
}

function outcomeOf({ better, delta }: Question, interval: Interval | null, told: boolean): Outcome {
  if (interval === null) return 'underpowered';
  const { low, high } = interval;
  if (-delta <= low && high <= delta) return 'unchanged';
  if (!told || (low <= 0 && high >= 0)) return 'underpowered';
  return low > 0 === (better === 'higher') ? 'improved' : 'regressed';
}
