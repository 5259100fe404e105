// SPDX-License-Identifier: MIT
/** What was drawn for a campaign and what became of it, for whoever looks at one that failed. */
import type { RunRecord } from '../../results/records.ts';
import { plainText } from '../report/plain-text.ts';
import { campaignText } from './campaign.ts';
import { complaintsAbout } from './invariants/index.ts';
import type { Outcome } from './world.ts';

export function traceOf(outcome: Outcome): string[] {
  const { campaign, plan, appended, diaries, left, resumed, tookMs } = outcome;
  const complaints = complaintsAbout(outcome);
  return [
    ...campaignText(campaign),
    ...(plan === null ? [] : plan.boots.map((boot) => `boot ${boot.index}: ${boot.steps.map(stepText).join(', ')}`)),
    ...(plan?.cells ?? []).map(({ id, scenario, mechanism }) => `${id} is ${scenario} × ${mechanism.name}`),
    ...(plan?.checks ?? []).map(({ id, scenario, mechanism }) => `${id} is ${scenario} × ${mechanism.name}`),
    '',
    ...appended.map(recordText),
    '',
    ...diaries.map(
      ({ boot, happened, stops, gone }) =>
        `guest ${boot}: ${happened.join(', ') || 'sound'}; told to end ${stops} times, ${gone ? 'gone' : 'still there'}`,
    ),
    `the run ${endText(outcome)}, after ${(tookMs / 1_000).toFixed(3)} s; ${foundText(outcome.found)}`,
    ...(left === null
      ? []
      : [`left behind: ${foundText(left.found)}, of ${left.appended} records (${left.synced} synced)`]),
    ...(resumed === null
      ? []
      : [`boots ${resumed.taken.again.join(', ')} taken up again: ${foundText(resumed.found)}`]),
    '',
    ...(complaints.length === 0 ? ['every invariant holds'] : complaints),
  ].map(plainText);
}

function stepText(step: NonNullable<Outcome['plan']>['boots'][number]['steps'][number]): string {
  return step.kind === 'floor' ? step.floor : step.kind === 'cell' ? step.cell : step.checks;
}

function recordText(record: RunRecord): string {
  const where = `${(record.hostNs / 1e9).toFixed(3).padStart(8)} s  ${record.boot === null ? 'run' : `boot ${record.boot}`} ${record.kind}`;
  switch (record.kind) {
    case 'frame': {
      const { t, n } = record.frame;
      const cell = 'cell' in record.frame ? ` of ${record.frame.cell}` : '';
      return `${where} ${n} ${t}${cell}`;
    }
    case 'failure':
      return `${where} ${record.failureKind}: ${record.message}`;
    case 'boot-end':
      return `${where} ${record.outcome}`;
    case 'bad-frame':
      return `${where} (${record.reason})`;
    default:
      return where;
  }
}

function endText({ end }: Outcome): string {
  if (end.how === 'returned') return `ended: ${end.value.join(', ')}`;
  if (end.how === 'never') return 'never ended';
  return `threw: ${end.thrown instanceof Error ? end.thrown.message : String(end.thrown)}`;
}

function foundText(found: Outcome['found']): string {
  if ('thrown' in found)
    return `not to be read: ${found.thrown instanceof Error ? found.thrown.message : found.thrown}`;
  const { run, overall, exitCode } = found;
  const problems = run.problems.length === 0 ? '' : `; ${run.problems[0]}`;
  return `${run.status}, ${overall}, exit code ${exitCode}, ${run.records.length} records${problems}`;
}
