// SPDX-License-Identifier: MIT
import type { StoredRun } from '../../results/run-reader.ts';
import { programCommand, typedPath } from '../../vm/host/program.ts';
import { overallVerdict } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';
import { repeatCommand } from '../plan/repro.ts';
import { cutOff } from './cut-off.ts';
import { inUnitsOf } from './format.ts';
import { nextSteps } from './next-step.ts';
import { floorLine, machineLines, troubleLines } from './other-lines.ts';
import { plainText } from './plain-text.ts';
import { latencyTable, tableSubjects } from './tables/latency.ts';
import { levelTable } from './tables/levels.ts';
import { openLoopSubjects, openLoopTable } from './tables/open-loop.ts';
import { faultScenarios, recoveryTable } from './tables/recovery.ts';
import { terminalTable } from './tables/table-model.ts';
import { ansiPaint, noPaint, verdictLines } from './verdict-lines.ts';

/** A run as a person reads it on a terminal. */
export function textReport(
  run: StoredRun,
  metrics: readonly Metric[],
  verdicts: readonly Verdict[],
  colour = false,
): string {
  return inUnitsOf(run.manifest.plan.clock, () => reportOf(run, metrics, verdicts, colour));
}

function reportOf(run: StoredRun, metrics: readonly Metric[], verdicts: readonly Verdict[], colour: boolean): string {
  const { plan } = run.manifest;
  const paint = colour ? ansiPaint : noPaint;
  const overall = overallVerdict(verdicts, run.status);
  const boots = plan.boots.length;
  const lines: string[] = [];
  // Before any figure: a run of which something is missing has many dashes, and this says why.
  const troubles = troubleLines(run);
  if (troubles.length > 0) lines.push('what went wrong', ...troubles.map((line) => `  ${line}`), '');
  const tables = [
    ...tableSubjects(metrics).map((subject) => latencyTable(metrics, verdicts, subject)),
    ...[levelTable(metrics)].filter((model) => model !== null),
    ...openLoopSubjects(metrics).map((subject) => openLoopTable(metrics, subject)),
    ...faultScenarios(metrics).map((scenario) => recoveryTable(metrics, scenario)),
  ];
  for (const table of tables) lines.push(table.title, terminalTable(table), '');
  const over = boots === 1 ? 'that of the one boot' : `the median over up to ${boots} boots [lowest..highest boot]`;
  if (tables.length > 0)
    lines.push(
      `Each figure is ${over}; ratios are taken within a boot; the floor is null-actor + eventfd, of the same scenario and boot.`,
    );
  lines.push(floorLine(metrics), '');
  lines.push('verdicts', ...verdictLines(plan, verdicts, paint, cutOff(run, verdicts)), '');
  lines.push(...machineLines(run));
  lines.push(
    `status ${run.status}, verdict ${paint(overall, overall)}, seed ${run.manifest.seed}`,
    ...nextSteps(run, verdicts),
    '',
  );
  return [...lines, ...lookFurther(run)].join('\n');
}

/** The run's folder, and what to type to see more of it. */
function lookFurther({ dir, manifest }: StoredRun): string[] {
  const folder = typedPath(dir);
  const program = programCommand();
  return [
    `run      ${folder}`,
    `again    ${program} report ${folder}`,
    `verdicts ${program} judge ${folder}`,
    `repeat   ${plainText(repeatCommand(manifest, program))}`,
  ];
}
