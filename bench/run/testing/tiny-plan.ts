// SPDX-License-Identifier: MIT
import type { Plan } from '../../../results/plan.ts';
import { aCell, aContainer, aPlan } from '../../../results/testing/plans.ts';

/** Boots of one cell, whose agent is killed in its second window: milliseconds to run. */
export function tinyPlan(boots = 1): Plan {
  const window = { ms: 500, maxRequests: 100, samples: true };
  const fault = { name: 'kill-answerer', container: 'victim', atMs: 2, untilMs: 5 };
  return aPlan(
    [aCell({ containers: [aContainer('victim')], windows: [window, { ...window, faults: [fault] }] })],
    boots,
  );
}
