// SPDX-License-Identifier: MIT
/** What can be done about a run that does not say all that it was to say. */
import { unfinishedBoots } from '../../results/resumption.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { demandUnfinished } from '../../results/taking-up.ts';
import { programCommand, typedPath } from '../../vm/host/program.ts';
import type { Verdict } from '../judge/verdict.ts';
import { longerCommand } from '../plan/repro.ts';
import { isAtWork } from '../run/alone.ts';
import { count } from '../words.ts';
import { plainText } from './plain-text.ts';

/** More than that a run on a slow host should not ask for at once. */
const timesMore = 3;

/** Lines with what to type; none for a run that says all. */
export function nextSteps(run: StoredRun, verdicts: readonly Verdict[], program = programCommand()): string[] {
  return [...restLine(run, program), ...moreRequestsLines(run, verdicts, program)];
}

function restLine(run: StoredRun, program: string): string[] {
  const { dir, manifest, records, status } = run;
  if (status === 'complete' || !canBeTakenUp(run)) return [];
  const due = unfinishedBoots(manifest.plan, records).length;
  return [`${restOf(dir, program)}   (${count(due, 'boot')} to be done)`];
}

/** The line that says how the run in `dir`, which was cut off, is gone on with. */
export function restOf(dir: string, program = programCommand()): string {
  return `rest     ${program} bench --resume ${typedPath(dir)}`;
}

/** What would be refused is not proposed. */
function canBeTakenUp(run: StoredRun): boolean {
  try {
    demandUnfinished(run);
    return !isAtWork(run.dir);
  } catch {
    return false;
  }
}

/** More boots do not help: each must have enough by itself. Nothing where a window cannot be measured more often. */
function moreRequestsLines({ manifest }: StoredRun, verdicts: readonly Verdict[], program: string): string[] {
  const lacking = verdicts.filter(({ verdict, lacks }) => verdict === 'unknown' && lacks === 'requests');
  if (lacking.length === 0) return [];
  const oracles = [...new Set(lacking.map(({ oracle }) => oracle))].join(', ');
  const what = `unknown  ${count(lacking.length, 'verdict')} (${oracles}): too few requests ended in a boot`;
  if (/ stress /.test(manifest.repro)) return [`${what}; give the session more time with a longer --for`];
  const command = longerCommand(manifest, timesMore, program);
  if (command === null) return [];
  return [
    `${what}; each window measured more often has more (more boots do not help), an idle host as well:`,
    `more     ${plainText(command)}`,
  ];
}
