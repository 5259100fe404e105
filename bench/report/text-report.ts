// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { StoredRun } from '../../results/run-reader.ts';
import { overallVerdict } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';
import { shellQuoted } from '../plan/repro.ts';
import { latencyTable, tableSubjects } from './latency-table.ts';
import { floorLine, machineLines, troubleLines } from './other-lines.ts';
import { plainText } from './plain-text.ts';
import { faultScenarios, recoveryTable } from './recovery-table.ts';
import { ansiPaint, noPaint, verdictLines } from './verdict-lines.ts';

/** A run as a person reads it on a terminal. */
export function textReport(
  run: StoredRun,
  metrics: readonly Metric[],
  verdicts: readonly Verdict[],
  colour = false,
): string {
  const { plan } = run.manifest;
  const paint = colour ? ansiPaint : noPaint;
  const overall = overallVerdict(verdicts, run.status);
  const boots = plan.boots.length;
  const lines: string[] = [];
  for (const subject of tableSubjects(metrics)) {
    lines.push(`${subject.scenario}: ${whose(subject.container)}`, latencyTable(metrics, verdicts, subject), '');
  }
  for (const scenario of faultScenarios(metrics)) {
    lines.push(`${scenario}: what the fault did`, recoveryTable(metrics, scenario), '');
  }
  const over = boots === 1 ? 'that of the one boot' : `the median over up to ${boots} boots [lowest..highest boot]`;
  lines.push(`Each figure is ${over}; ratios are taken within a boot; the floor is null-actor + eventfd.`);
  lines.push(floorLine(metrics), '');
  lines.push('verdicts', ...verdictLines(plan, verdicts, paint), '');
  const troubles = troubleLines(run);
  if (troubles.length > 0) lines.push('what went wrong', ...troubles.map((line) => `  ${line}`), '');
  lines.push(...machineLines(run));
  lines.push(`status ${run.status}, verdict ${paint(overall, overall)}, seed ${run.manifest.seed}`, '');
  return [...lines, ...lookFurther(run)].join('\n');
}

function whose(container: string): string {
  return container === 'subject' ? 'upcalls of the container' : `upcalls of the ${container}, while no fault is on`;
}

/** The run's folder, and what to type to see more of it. */
function lookFurther({ dir, manifest }: StoredRun): string[] {
  // Relative to where the user is, who types it there: npm has changed to the checkout's folder since.
  const folder = shellQuoted(path.relative(process.env.INIT_CWD ?? process.cwd(), dir) || '.');
  return [
    `run      ${folder}`,
    `again    npm run -s keystorm -- report ${folder}`,
    `verdicts npm run -s keystorm -- judge ${folder}`,
    `repeat   ${plainText(manifest.repro)}`,
  ];
}
