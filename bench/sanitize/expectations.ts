// SPDX-License-Identifier: MIT
/** What a run's verdicts come to where a plan is in short form, and many of its expectations are relaxed. */
import { type BootView, bootsOf, cellsInBoot, checksInBoot } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import { checkView } from '../../results/check-view.ts';
import type { Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { judgeLog } from '../judge/oracles/kernel-log-clean.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Finding } from './findings.ts';
import { timedOracles } from './short-plan.ts';

export interface KnownAlready {
  /** A guest or the recording broke: what is unknown because of that is told by that. */
  readonly broke: boolean;
  /** Rounds after which the kernel's own words were found: no need to hear of them from each cell. */
  readonly reported: ReadonlySet<number>;
}

/**
 * A verdict on what may be anything passes whatever was seen, also when nothing was. Here that is not clean: a check that could not run, or an
 * oracle whose weakness need not show, has seen nothing. Only what depends on time is looked at by nobody.
 */
export function expectationFindings(
  { manifest: { plan }, records }: StoredRun,
  verdicts: readonly Verdict[],
  { broke, reported }: KnownAlready,
): Finding[] {
  const boots = bootsOf(plan, records);
  const isTimed = ({ oracle, dimensions }: Verdict) =>
    (timedOracles as readonly string[]).includes(oracle) && plan.cells.some(({ id }) => id === dimensions.cell);
  const isTold = ({ oracle, dimensions }: Verdict) => {
    if (oracle !== 'kernel-log-clean') return false;
    const rounds = complainingRounds(plan, boots, String(dimensions.cell));
    return rounds.length > 0 && rounds.every((round) => reported.has(round));
  };
  return verdicts.flatMap((each): Finding[] => {
    const { oracle, property, expected, verdict, evidence, dimensions } = each;
    const where = `${dimensions.mechanism} in ${dimensions.scenario}`;
    const what = `${oracle}: ${property}, expected ${expected}: ${evidence}`;
    if (verdict === 'fail') return isTold(each) ? [] : [{ kind: 'expectation', where, what, lines: [] }];
    const unseen = verdict === 'unknown' || (property === 'unknown' && !isTimed(each));
    return unseen && !broke ? [{ kind: 'unseen', where, what, lines: [] }] : [];
  });
}

/** In which rounds the log of a cell or of a block of checks has a complaint. */
function complainingRounds(plan: Plan, boots: readonly BootView[], id: string): number[] {
  return boots
    .filter((boot) => {
      const cell = cellsInBoot(plan, boot.plan).find((each) => each.id === id);
      const block = checksInBoot(plan, boot.plan).find((each) => each.id === id);
      const views = [
        ...(cell === undefined ? [] : [cellView(cell, boot)]),
        ...(block === undefined ? [] : [checkView(block, boot)]),
      ];
      return views.some((view) => judgeLog(view).property === 'violated');
    })
    .map((boot) => boot.plan.index);
}
