// SPDX-License-Identifier: MIT
/** A run as a short text for a posting: what it comes to, the ratios, what failed, on what, and how to repeat it. */
import type { Metric } from '../measure/metric.ts';
import { repeatCommand } from '../plan/repro.ts';
import { cellName, cellWhere, mechanismName } from './cell-name.ts';
import { verdictSentence, warnings } from './conclusion.ts';
import { findMetric, matches, perBoot } from './figures.ts';
import { inUnitsOf } from './format.ts';
import { levelTable } from './markdown/level-table.ts';
import { escapedMarkdown, markdownTable } from './markdown/markdown.ts';
import { costLines, openLoopLines, stallLines, weaknessLines } from './markdown/one-liners.ts';
import { ratioTable } from './markdown/ratio-table.ts';
import { wrapped, wrappedCommand } from './markdown/wrap.ts';
import { floorLine, machineLines, troubleLines } from './other-lines.ts';
import type { ReportData } from './report-data.ts';
import { durationFormat, plainFormat, sideBySide } from './spread.ts';
import { faultScenarios } from './tables/recovery.ts';

/** More evidence than this belongs on the page that is attached. */
const mostFailures = 8;

export function markdownReport(data: ReportData): string {
  return inUnitsOf(data.run.manifest.plan.clock, () => reportOf(data));
}

function reportOf(data: ReportData): string {
  const { run, overall, verdicts } = data;
  const { manifest } = run;
  const sections: string[][] = [
    [`# keystorm: ${overall}`],
    wrapped(escapedMarkdown(verdictSentence(data))),
    warnings(data).flatMap((line) => wrapped(`- ${escapedMarkdown(line)}`, '  ')),
    notPassed(data),
    ratioTable(data),
    levelTable(data.metrics),
    faultTable(data.metrics),
    [...weaknessLines(data), ...openLoopLines(data), ...stallLines(data), ...costLines(data)].flatMap((line) =>
      wrapped(`- ${line}`, '  '),
    ),
    wrapped(floorLine(data.metrics)),
    machineWords(data),
    ['Repeat it:', '', ...wrappedCommand(repeatCommand(manifest)).map((line) => `    ${line}`)],
  ];
  if (verdicts.length === 0) sections.splice(3, 1);
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function notPassed({ run, verdicts }: ReportData): string[] {
  const lines = verdicts
    .filter(({ verdict }) => verdict !== 'pass')
    .map(
      ({ oracle, verdict, property, expected, dimensions, evidence }) =>
        `- ${verdict.toUpperCase()} ${oracle}, ${cellName(dimensions, 'x')}: ${property}, expected ${expected}: ${short(evidence)}`,
    );
  const troubles = troubleLines(run).map((line) => `- ${short(line)}`);
  const shown = [...lines.slice(0, mostFailures), ...troubles.slice(0, mostFailures)];
  const left = lines.length + troubles.length - shown.length;
  if (left > 0) shown.push(`- and ${left} more: see report.html`);
  return shown.flatMap((line) => wrapped(line, '  '));
}

function short(text: string): string {
  const clean = escapedMarkdown(text);
  return clean.length > 200 ? `${clean.slice(0, 199).replace(/\\+$/, '')}…` : clean;
}

function faultTable(metrics: readonly Metric[]): string[] {
  const rows = faultScenarios(metrics).flatMap((scenario) => {
    const all = metrics.filter((metric) => metric.name === 'recovery.steady_time' && matches(metric, { scenario }));
    return [
      [scenario],
      ...all.map((metric) => {
        const of = cellWhere(metric.dimensions);
        const text = (name: string, format: typeof durationFormat) => {
          const found = findMetric(metrics, name, of);
          return found === undefined ? '' : (sideBySide(perBoot(found), format)?.replace(' boots)', ')') ?? '–');
        };
        const where = { ...of, container: String(metric.dimensions.container), phase: 'fault', errno: 'all' };
        const errors = perBoot(findMetric(metrics, 'upcall.errors', where));
        return [
          `  ${mechanismName(metric.dimensions)}`,
          text('recovery.time', durationFormat),
          text('recovery.after_restart', durationFormat),
          sideBySide(errors, plainFormat)?.replace(/ \[.*\]/, '') ?? '–',
        ];
      }),
    ];
  });
  if (rows.length === 0) return [];
  return markdownTable(['faults', 'without service', 'served after restart', 'errors'], rows);
}

/** The machine in a paragraph; warnings have said already how far it can be trusted. */
function machineWords({ run }: ReportData): string[] {
  const { host, createdAt, tool, runId } = run.manifest;
  const commit = tool.commit === null ? '' : `, commit ${tool.commit.slice(0, 12)}${tool.dirty ? ' with changes' : ''}`;
  const [machine = ''] = machineLines(run);
  const text = `${machine}; host ${host.cpuModel}, ${host.cpus} processors, ${host.os}; keystorm ${tool.version}${commit}; run ${runId} of ${createdAt.slice(0, 10)}, status ${run.status}.`;
  return wrapped(escapedMarkdown(text));
}
