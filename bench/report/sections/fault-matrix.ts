// SPDX-License-Identifier: MIT
/** Fault × mechanism: what came of each fault that was injected, with how often it took effect. */
import { type FaultCell, type FaultMatrix, faultMatrix, isRowTried } from '../../judge/fault-matrix.ts';
import { count } from '../../words.ts';
import type { Section } from '../html/section.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';

type Row = FaultMatrix['rows'][number];

/** How an outcome looks: told apart by sign and word, not by colour. */
export const faultSigns: Readonly<Record<FaultCell['outcome'], { readonly sign: string; readonly word: string }>> = {
  survived: { sign: '✓', word: 'survived: all that holds without a fault held' },
  weak: { sign: '✗', word: 'a weakness that had been expected' },
  failed: { sign: '!', word: 'not as expected' },
  missed: { sign: '0', word: 'the fault hit nothing' },
  unknown: { sign: '?', word: 'unknown' },
  'not-applicable': { sign: '·', word: 'not applicable' },
  'not-measured': { sign: '–', word: 'not measured' },
};

const surprising: readonly FaultCell['outcome'][] = ['failed', 'missed', 'unknown'];

export function faultMatrixSection({ run, verdicts }: ReportData): Section | null {
  const matrix = faultMatrix(run, verdicts);
  const rows = matrix.rows.filter(isRowTried);
  if (rows.length === 0) return null;
  const untried = matrix.rows.filter((row) => !isRowTried(row));
  const legend = Object.values(faultSigns).map(
    ({ sign, word }, index) => markup`${index === 0 ? '' : ', '}<strong>${sign}</strong> ${word}`,
  );
  return {
    id: 'faults',
    title: 'What each fault came to',
    content: [
      markup`<p>${legend}. In a box: not what had been expected before the first boot.</p>`,
      markup`<div class="wide" role="group" tabindex="0" aria-label="table, scrolls where it is wider than the page"><table class="matrix"><caption>Fault × mechanism</caption><thead><tr><th scope="col">fault</th>${matrix.mechanisms.map(
        (name) => markup`<th scope="col"><span>${name}</span></th>`,
      )}</tr></thead><tbody>${rows.map(
        ({ row, what, cells }) => markup`<tr><th scope="row">${row}. ${what}</th>${cells.map(cell)}</tr>\n`,
      )}</tbody></table></div>`,
      markup`<h3>What was done and seen</h3>`,
      rows.map(details),
      untried.length === 0
        ? null
        : markup`<p><small>Not tried in this run: ${untried.map(({ row, what }) => `${row}. ${what}`).join('; ')}.</small></p>`,
    ],
  };
}

function cell({ outcome, hits, mechanism }: FaultCell): Markup {
  const { sign, word } = faultSigns[outcome];
  const seen = hits === null ? '' : `, ${count(hits, 'hit')}`;
  const kind = surprising.includes(outcome) ? 'surprise' : 'as-expected';
  return markup`<td class="${kind}" title="${mechanism}: ${word}${seen}"><span role="img" aria-label="${word}${seen}">${sign}</span></td>`;
}

/** Folded up: mechanisms of which the same is to be said share a line. */
function details({ row, what, expected, faults, scenarios, cells }: Row): Markup {
  const groups = new Map<string, { readonly cell: FaultCell; readonly names: string[] }>();
  for (const each of cells) {
    if (each.outcome === 'not-measured') continue;
    const key = JSON.stringify([each.outcome, each.evidence]);
    const found = groups.get(key) ?? { cell: each, names: [] };
    groups.set(key, found);
    found.names.push(each.hits === null ? each.mechanism : `${each.mechanism} (${count(each.hits, 'hit')})`);
  }
  return markup`<details><summary>${row}. ${what}</summary><p>Expected: ${expected}. Injected as ${faults.join(', ')} in ${scenarios.join(', ')}.</p>${[
    ...groups.values(),
  ].map(
    ({ cell: { outcome, evidence }, names }) =>
      markup`<p><strong>${names.join(', ')}</strong>: ${faultSigns[outcome].word}.</p>${evidence.length === 0 ? '' : markup`<ul>${evidence.map((line) => markup`<li>${line}</li>`)}</ul>`}`,
  )}</details>`;
}
