// SPDX-License-Identifier: MIT
import { cellsInBoot, checksInBoot } from '../../results/boots.ts';
import type { BootPlan, Plan } from '../../results/plan.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { judge } from '../judge/judge.ts';
import type { Verdict } from '../judge/verdict.ts';

/**
 * Of a run that was cut off, the unknown verdicts that are so for nothing but the boots that are still due: they are no wonder. One that is unknown
 * also of the boots that came to their end has a reason of its own.
 */
export function cutOff(run: StoredRun, verdicts: readonly Verdict[]): ReadonlySet<Verdict> {
  const { manifest, records, status } = run;
  const { plan } = manifest;
  const due = status === 'complete' ? [] : unfinishedBoots(plan, records);
  if (due.length === 0) return new Set();
  const ended = plan.boots.filter((boot) => !due.includes(boot));
  const [ofDue, ofEnded] = [idsIn(plan, due), idsIn(plan, ended)];
  const ofItself = new Set(
    judge({ ...run, manifest: { ...manifest, plan: { ...plan, boots: ended } } })
      .filter((each) => each.verdict === 'unknown' && ofEnded.has(cellOf(each)))
      .map(nameOf),
  );
  return new Set(
    verdicts.filter((each) => each.verdict === 'unknown' && ofDue.has(cellOf(each)) && !ofItself.has(nameOf(each))),
  );
}

/** Of cells and blocks of checks. */
function idsIn(plan: Plan, boots: readonly BootPlan[]): ReadonlySet<string> {
  return new Set(
    boots.flatMap((boot) => [...cellsInBoot(plan, boot), ...checksInBoot(plan, boot)].map(({ id }) => id)),
  );
}

const cellOf = ({ dimensions }: Verdict): string => String(dimensions.cell);
const nameOf = (verdict: Verdict): string => `${cellOf(verdict)} ${verdict.oracle}`;
