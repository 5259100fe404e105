// SPDX-License-Identifier: MIT
import type { Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';
import { notApplicableLines, summary, worstOf } from '../verdict-lines.ts';

/** Whatever is not a pass, with its evidence. */
export function notMetSection({ verdicts }: ReportData): Section | null {
  const notPassed = verdicts.filter(({ verdict }) => verdict !== 'pass');
  if (notPassed.length === 0) return null;
  return {
    id: 'not-met',
    title: 'Expectations that were not met, or could not be judged',
    content: table({
      caption: 'What was seen, and what had been expected before the first boot',
      head: ['cell', 'oracle', 'verdict', 'seen', 'expected', 'evidence'],
      rows: notPassed.map(({ oracle, verdict, property, expected, dimensions, evidence }) => [
        `${dimensions.scenario} × ${dimensions.mechanism}`,
        oracle,
        markup`<strong>${verdict}</strong>`,
        property,
        expected,
        evidence,
      ]),
    }),
  };
}

/** What was expected of each cell and what was seen. */
export function verdictsSection({ run, verdicts }: ReportData): Section | null {
  const { plan } = run.manifest;
  const rows = plan.cells.flatMap((cell) => {
    const own = verdicts.filter(({ dimensions }) => dimensions.cell === cell.id);
    if (own.length === 0) return [];
    const passed = own.filter(({ verdict }) => verdict === 'pass');
    const others = own.length - passed.length;
    const parts = [summary(passed), others === 0 ? '' : `${others} not passed, see above`];
    return [
      [
        `${cell.scenario} × ${cell.mechanism.name}`,
        markup`<strong>${worstOf(own)}</strong>`,
        parts.filter((part) => part !== '').join('; '),
      ],
    ];
  });
  if (rows.length === 0) return null;
  return {
    id: 'verdicts',
    title: 'Verdicts',
    content: table({
      caption: 'Every cell: a mechanism under a scenario',
      head: ['cell', 'verdict', 'expectations'],
      rows,
      notes: notApplicableLines(plan),
    }),
  };
}
