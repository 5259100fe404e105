// SPDX-License-Identifier: MIT
import type { Plan } from '../../results/plan.ts';
import { npmProgram, shellQuoted } from '../../vm/host/program.ts';
import type { ComparisonRules } from '../compare/figures.ts';
import { agentDelayOf, pathInstructionsOf, type UnplannedChoices, workWords } from '../plan/repro.ts';

const nsPerMs = 1e6;

/** The command line that measures both sides again, every choice spelled out; revisions by their commits. */
export function pairRepro(
  plans: Readonly<Record<'base' | 'new', Plan>>,
  choices: UnplannedChoices,
  rules: ComparisonRules,
): string {
  const { alpha, deltas } = rules;
  const words = [
    ...['pair', '--base', subjectOf(plans.base), '--new', subjectOf(plans.new)],
    ...workWords(plans.base, choices, []),
    ...['--alpha', String(alpha), '--delta', String(deltas.ratio)],
    ...['--delta-errors', String(deltas.share), '--delta-time', String(deltas.time / nsPerMs)],
  ];
  return `${npmProgram} ${words.map(shellQuoted).join(' ')}`;
}

/** A side as `pair` takes it, with the commit in place of a revision: `kernel=6.1,module=0123…`. */
export function subjectOf(plan: Plan): string {
  const { kernel, kernelTree, moduleCommit, arrangement } = plan;
  const delayNs = agentDelayOf(plan);
  const instructions = pathInstructionsOf(plan);
  return [
    kernelTree === undefined ? `kernel=${kernel}` : `tree=${kernelTree}`,
    ...(moduleCommit === undefined ? [] : [`module=${moduleCommit}`]),
    ...(arrangement === undefined ? [] : [`arrangement=${arrangement}`]),
    ...(delayNs === undefined ? [] : [`delay=${delayNs}`]),
    ...(instructions === undefined ? [] : [`instructions=${instructions}`]),
  ].join(',');
}
