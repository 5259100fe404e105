// SPDX-License-Identifier: MIT
/** How often the statistics of `compare` are wrong where the truth is known. */
import { randomOf } from '../../plan/random.ts';
import { answer } from '../statistics/judgement.ts';
import { mean } from '../statistics/values.ts';
import { draw, type World } from './world.ts';

export interface Calibration {
  readonly comparisons: number;
  /** Of comparisons, those in which a metric that does not differ is called regressed or improved. */
  readonly falseAlarms: number;
  /** Of comparisons, those in which a metric that does not differ is told from no difference at alpha, however little it is said to differ. */
  readonly rejections: number;
  /** Of all metrics' intervals, those that hold the truth; null where boots are too few for any. */
  readonly coverage: number | null;
  /** Of comparisons, what is said of the first metric, the one that may differ. */
  readonly first: Readonly<Record<'regressed' | 'improved' | 'unchanged' | 'underpowered', number>>;
  /** The minimum detectable effect of the first metric, the mean of its logarithm over comparisons that have one. */
  readonly detectable: number | null;
}

/** Pure: the same seed gives the same figures. `delta` is a logarithm, and so is the world's difference. */
export function calibrate(world: World, comparisons: number, seed: number, alpha: number, delta: number): Calibration {
  const random = randomOf(seed);
  const first = { regressed: 0, improved: 0, unchanged: 0, underpowered: 0 };
  let [falseAlarms, rejections, intervals, holding] = [0, 0, 0, 0];
  const detected: number[] = [];
  for (let comparison = 0; comparison < comparisons; comparison++) {
    const questions = draw(world, random).map((values) => ({ values, better: 'lower' as const, delta }));
    const { answers } = answer(questions, alpha);
    const equal = answers.filter((_, i) => i > 0 || world.difference === 0);
    if (equal.some(({ outcome }) => outcome === 'regressed' || outcome === 'improved')) falseAlarms++;
    if (equal.some(({ chance }) => chance <= alpha)) rejections++;
    answers.forEach(({ interval, outcome, detectable }, i) => {
      const truth = i === 0 ? world.difference : 0;
      if (interval !== null) intervals++;
      if (interval !== null && interval.low <= truth && truth <= interval.high) holding++;
      if (i === 0) first[outcome]++;
      if (i === 0 && detectable !== null) detected.push(detectable);
    });
  }
  const share = (n: number) => n / comparisons;
  return {
    comparisons,
    falseAlarms: share(falseAlarms),
    rejections: share(rejections),
    coverage: intervals === 0 ? null : holding / intervals,
    first: {
      regressed: share(first.regressed),
      improved: share(first.improved),
      unchanged: share(first.unchanged),
      underpowered: share(first.underpowered),
    },
    detectable: detected.length === 0 ? null : mean(detected),
  };
}
