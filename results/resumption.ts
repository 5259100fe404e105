// SPDX-License-Identifier: MIT
/** A run that was cut off may be taken up again: what of it is done once more, and what of its records still counts. */
import { bootsOf } from './boots.ts';
import type { BootPlan, Plan } from './plan.ts';
import type { RunRecord } from './records.ts';

/**
 * The boots that have no end of their own: never begun, or cut off in the middle. One whose guest failed has had its end and is not
 * done again: nothing is measured anew because it looked wrong.
 */
export function unfinishedBoots(plan: Plan, records: readonly RunRecord[]): BootPlan[] {
  return bootsOf(plan, records)
    .filter(({ end }) => end === null || end.outcome === 'aborted')
    .map((boot) => boot.plan);
}

/** The records without those of boots that were done again later, and without the word that the run was stopped before that. */
export function recordsInForce(records: readonly RunRecord[]): RunRecord[] {
  let inForce: RunRecord[] = [];
  for (const record of records) {
    if (record.kind === 'resumed') {
      inForce = inForce.filter(({ kind, boot }) => !isUndone(kind, boot, record.again));
    }
    inForce.push(record);
  }
  return inForce;
}

function isUndone(kind: RunRecord['kind'], boot: number | null, again: readonly number[]): boolean {
  return boot === null ? kind === 'aborted' || kind === 'failure' : again.includes(boot);
}
