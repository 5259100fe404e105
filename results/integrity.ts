// SPDX-License-Identifier: MIT
/** Whether a run's records hang together: what a checksum cannot tell. */
import { type BootView, bootsOf, framesOf } from './boots.ts';
import type { Plan, Step } from './plan.ts';
import type { RunRecord } from './records.ts';

/**
 * Sentences about frames that were lost or garbled, boots that are not in the plan, and (if the harness claims to have
 * come to its end) boots of which neither an end nor a failure was recorded. A guest that failed is no problem here: the
 * failure is data, and has an exit code of its own.
 */
export function integrityProblems(plan: Plan, records: readonly RunRecord[], claimsComplete: boolean): string[] {
  const problems: string[] = [];
  for (const boot of bootsOf(plan, records)) {
    const { index } = boot.plan;
    for (const damage of boot.damage) problems.push(`Boot ${index}: ${damage}.`);
    if (!claimsComplete) continue;
    if (boot.start === null && boot.failures.length === 0) problems.push(`Boot ${index} was never begun.`);
    else if (boot.end === null) problems.push(`Boot ${index} was begun but has no end.`);
    else if (!boot.finished && boot.failures.length === 0 && boot.damage.length === 0) {
      problems.push(`Boot ${index} ended without the runner's last word, and no failure was recorded.`);
    } else if (boot.finished) {
      for (const step of stepsNotReported(boot)) problems.push(`Boot ${index} came to its end without ${step}.`);
    }
  }
  const planned = new Set(plan.boots.map((boot) => boot.index));
  const foreign = new Set(records.flatMap(({ boot }) => (boot !== null && !planned.has(boot) ? [boot] : [])));
  for (const boot of foreign) problems.push(`There are records of boot ${boot}, which is not in the plan.`);
  return problems;
}

/** Floors, cells and checks of the boot's plan of which there is no frame, though the runner says that it has done them. */
function stepsNotReported(boot: BootView): string[] {
  const reported = [
    ...framesOf(boot, 'floor').map(({ name }) => `floor ${name}`),
    ...framesOf(boot, 'cell').map(({ id }) => `cell ${id}`),
    ...framesOf(boot, 'check').map(({ cell }) => `checks ${cell}`),
  ];
  return [...new Set(boot.plan.steps.map(nameOf))].filter((step) => !reported.includes(step));
}

function nameOf(step: Step): string {
  switch (step.kind) {
    case 'floor':
      return `floor ${step.floor}`;
    case 'cell':
      return `cell ${step.cell}`;
    case 'checks':
      return `checks ${step.checks}`;
  }
}
