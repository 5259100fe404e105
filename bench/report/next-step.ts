// SPDX-License-Identifier: MIT
/** What can be done about a run that does not say all that it was to say. */
import { cellsInBoot, checksInBoot } from '../../results/boots.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { programCommand, typedPath } from '../../vm/host/program.ts';
import type { Verdict } from '../judge/verdict.ts';
import { repeatsIn } from '../plan/repro.ts';
import { count } from '../words.ts';

/** More than that a run on a slow host should not ask for at once. */
const timesMore = 3;

/** Cells and blocks of checks of a run that was cut off, of which some boot is still due: what is unknown of them is no wonder. */
export function cutOff({ manifest: { plan }, records, status }: StoredRun): ReadonlySet<string> {
  const due = status === 'complete' ? [] : unfinishedBoots(plan, records);
  return new Set(due.flatMap((boot) => [...cellsInBoot(plan, boot), ...checksInBoot(plan, boot)].map(({ id }) => id)));
}

/** Lines with what to type; none for a run that says all. */
export function nextSteps(run: StoredRun, verdicts: readonly Verdict[], program = programCommand()): string[] {
  return [...restLine(run, program), ...moreRequestsLine(run, verdicts)];
}

function restLine({ dir, manifest, records, status }: StoredRun, program: string): string[] {
  if (status === 'complete' || manifest.merged !== undefined) return [];
  const due = unfinishedBoots(manifest.plan, records).length;
  return due === 0 ? [] : [`rest     ${program} bench --resume ${typedPath(dir)}   (${count(due, 'boot')} to be done)`];
}

/** More boots do not help: each must have enough by itself. */
function moreRequestsLine({ manifest: { repro } }: StoredRun, verdicts: readonly Verdict[]): string[] {
  const lacking = verdicts.filter(({ verdict, lacks }) => verdict === 'unknown' && lacks === 'requests');
  if (lacking.length === 0) return [];
  const oracles = [...new Set(lacking.map(({ oracle }) => oracle))].join(', ');
  const what = `${count(lacking.length, 'verdict')} (${oracles}): too few requests ended in a boot`;
  if (/ stress /.test(repro)) return [`unknown  ${what}; give the session more time with a longer --for`];
  const times = repeatsIn(repro) * timesMore;
  return [
    `unknown  ${what}; bench --repeat ${times} measures each window ${times} times and so has more (more boots do not help), an idle host as well`,
  ];
}
