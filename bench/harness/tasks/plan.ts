// SPDX-License-Identifier: MIT
import { renderGuestPlan } from '../../plan/guest-plan.ts';
import { makePlan, type PlanOptions } from '../../plan/make-plan.ts';
import type { HarnessTask } from '../task.ts';

const options: PlanOptions = {
  mechanisms: [],
  scenarios: ['all'],
  kernel: '6.1',
  machine: 'qemu',
  boots: 10,
  seed: 1,
  quick: false,
};

/** From options to what a guest is told. */
export function planTasks(): HarnessTask[] {
  const plan = makePlan(options);
  const per = { count: plan.cells.length * plan.boots.length, unit: 'cell' } as const;
  return [
    { group: 'plan', name: 'make a plan of everything, 10 boots', per, operation: () => makePlan(options) },
    {
      group: 'plan',
      name: 'write it for the guests',
      per,
      operation: () => plan.boots.map((boot) => renderGuestPlan(plan, boot)),
    },
  ];
}
