// SPDX-License-Identifier: MIT

import type { Verdict } from '../../judge/verdict.ts';
import { cellName } from '../cell-name.ts';
import type { Section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';
import { notApplicableLines, worstOf } from '../verdict-lines.ts';

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
        cellName(dimensions),
        oracle,
        markup`<strong>${verdict}</strong>`,
        property,
        expected,
        markup`<span class="about">${evidence}</span>`,
      ]),
    }),
  };
}

/** Scenario × mechanism: the worst verdict, and how many expectations stand behind it. */
export function verdictsSection({ run, verdicts }: ReportData): Section | null {
  const { plan } = run.manifest;
  if (verdicts.length === 0) return null;
  const all = [...plan.cells, ...plan.checks];
  const mechanisms = [...new Set(all.map(({ mechanism }) => mechanism.name))];
  const scenarios = [...new Set(all.map(({ scenario }) => scenario))];
  const rows = scenarios.map((scenario) => [
    scenario,
    ...mechanisms.map((mechanism) => {
      const own = verdicts.filter(
        ({ dimensions }) => dimensions.scenario === scenario && dimensions.mechanism === mechanism,
      );
      return own.length === 0
        ? '–'
        : [markup`<strong>${worstOf(own)}</strong><br/>`, markup`<small>${counts(own)}</small>`];
    }),
  ]);
  return {
    id: 'verdicts',
    title: 'Verdicts',
    content: table({
      caption: 'The worst verdict of each cell and block of checks, and its expectations; a dash: not measured',
      head: ['scenario', ...mechanisms],
      rows,
      notes: [...weaknesses(verdicts), ...notApplicableLines(plan)],
    }),
  };
}

function counts(own: readonly Verdict[]): string {
  const met = own.filter(({ verdict }) => verdict === 'pass').length;
  return met === own.length ? `${met} met` : `${met} of ${own.length} met`;
}

/** What was expected to be violated and was, by oracle. */
function weaknesses(verdicts: readonly Verdict[]): string[] {
  const known = verdicts.filter(({ property, expected }) => property === 'violated' && expected === 'violated');
  const oracles = [...new Set(known.map(({ oracle }) => oracle))];
  return oracles.map((oracle) => {
    const where = known.filter((each) => each.oracle === oracle);
    const mechanisms = [...new Set(where.map(({ dimensions }) => String(dimensions.mechanism)))].map((mechanism) => {
      const found = where.filter(({ dimensions }) => dimensions.mechanism === mechanism);
      return `${mechanism} (${[...new Set(found.map(({ dimensions }) => dimensions.scenario))].join(', ')})`;
    });
    return `${oracle} violated, as expected: ${mechanisms.join('; ')}`;
  });
}
