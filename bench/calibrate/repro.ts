// SPDX-License-Identifier: MIT
import type { Plan } from '../../results/plan.ts';
import { npmProgram, shellQuoted } from '../../vm/host/program.ts';
import type { ComparisonRules } from '../compare/figures.ts';
import { type UnplannedChoices, workWords } from '../plan/repro.ts';

/** The command line that calibrates again, every choice spelled out. */
export function calibrateRepro(
  plan: Plan,
  choices: UnplannedChoices,
  { alpha, deltas }: ComparisonRules,
  { delays, blocksEach, comparisons }: { delays: readonly number[]; blocksEach: number; comparisons: number },
): string {
  const words = [
    ...['calibrate', ...workWords(plan, choices, ['--kernel', plan.kernel])],
    ...['--alpha', String(alpha), '--delta', String(deltas.ratio), '--delays', delays.join(',')],
    ...['--blocks-each', String(blocksEach), '--comparisons', String(comparisons)],
  ];
  return `${npmProgram} ${words.map(shellQuoted).join(' ')}`;
}

/** How recorded guests that count instructions are analysed. */
export interface CountedHow {
  /** Percents. */
  readonly additions: readonly number[];
  readonly blocksEach: number;
  readonly comparisons: number;
  readonly trials: number;
}

/** Likewise where instructions are counted. */
export function countedRepro(
  plan: Plan,
  choices: UnplannedChoices,
  { alpha, deltas }: ComparisonRules,
  how: CountedHow,
): string {
  const words = [
    ...['calibrate', ...workWords(plan, choices, ['--kernel', plan.kernel])],
    ...['--alpha', String(alpha), '--delta', String(deltas.ratio), '--additions', how.additions.join(',')],
    ...['--blocks-each', String(how.blocksEach), '--comparisons', String(how.comparisons)],
    ...['--trials', String(how.trials)],
  ];
  return `${npmProgram} ${words.map(shellQuoted).join(' ')}`;
}
