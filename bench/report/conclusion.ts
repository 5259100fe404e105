// SPDX-License-Identifier: MIT
/** What a run comes to, in the sentences that stand above everything else. */

import type { Verdict } from '../judge/verdict.ts';
import { cellsAndChecks, count } from '../words.ts';
import { cellName } from './cell-name.ts';
import { countedFaults } from './faults.ts';
import { countedWords } from './other-lines.ts';
import { acceleratorsOf, isFake, type ReportData } from './report-data.ts';

/** Whether the expectations were met, and which were not. */
export function verdictSentence({ run, verdicts, overall }: ReportData): string {
  const { plan } = run.manifest;
  const all = count(verdicts.length, 'expectation');
  const where = `(${cellsAndChecks(plan, ', ')}, ${count(plan.boots.length, 'boot')})`;
  if (verdicts.length === 0) return `Nothing was judged ${where}.`;
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail');
  const unknown = verdicts.filter(({ verdict }) => verdict === 'unknown');
  if (overall === 'fail') return `${failed.length} of ${all} not met ${where}: ${named(failed)}.`;
  if (unknown.length > 0) return `${unknown.length} of ${all} could not be judged ${where}: ${named(unknown)}.`;
  if (overall === 'unknown') return `What was recorded meets all ${all} ${where}, but the run is not whole.`;
  return `All ${all} met ${where}${weaknesses(verdicts)}.`;
}

/** An expectation that something is violated is met when it is; a reader should not take that for strength. */
function weaknesses(verdicts: readonly Verdict[]): string {
  const known = verdicts.filter(({ expected, property }) => expected === 'violated' && property === 'violated');
  return known.length === 0 ? '' : `, ${known.length} of them known weaknesses that showed as expected`;
}

/** `right-answerer (latency × keyagent-fd), …`: each oracle once, with the cells. */
function named(verdicts: readonly Verdict[]): string {
  const cells = new Map<string, string[]>();
  for (const { oracle, dimensions } of verdicts) {
    cells.set(oracle, [...(cells.get(oracle) ?? []), cellName(dimensions)]);
  }
  return [...cells]
    .map(([oracle, where]) => {
      const rest = where.length - 3;
      return `${oracle} (${where.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`;
    })
    .join('; ');
}

/** What must be known before any figure is believed, the gravest first. Empty for a sound run on real hardware. */
export function warnings(data: ReportData): string[] {
  const { run, boots } = data;
  const lines: string[] = [];
  if (isFake(data)) lines.push('FAKE: the fake machine made these figures up. They test the harness and mean nothing.');
  if (run.status === 'aborted') lines.push('ABORTED: somebody stopped the run. What was measured until then is below.');
  if (run.status === 'incomplete')
    lines.push('INCOMPLETE: something that was to be recorded is missing; see "What went wrong".');
  const failed = boots.filter(({ failures }) => failures.length > 0);
  if (failed.length > 0) {
    const kinds = [...new Set(failed.flatMap(({ failures }) => failures.map(({ failureKind }) => failureKind)))];
    const faults = countedFaults(failed.flatMap(({ failures }) => failures));
    const what = faults.length === 0 ? '' : ` ${faults.join('; ')}.`;
    lines.push(
      `FAILED BOOTS: ${failed.length} of ${boots.length} (${kinds.join(', ')}).${what} Figures are of the others.`,
    );
  }
  if (boots.every(({ start }) => start === null)) lines.push('NOT MEASURED: no guest was started.');
  const accelerators = acceleratorsOf(boots);
  if (accelerators.length > 1)
    lines.push(`MIXED ACCELERATORS: ${accelerators.join(' and ')}. Medians over boots mean little.`);
  else if (run.manifest.plan.clock === 'icount') lines.push(`COUNTED, NOT TIMED: ${countedWords}`);
  else if (accelerators[0] === 'tcg') lines.push('EMULATED (TCG): compare ratios, not absolute times.');
  if (boots.length === 1) lines.push('ONE BOOT: how much figures vary between boots is not known.');
  return lines;
}
