// SPDX-License-Identifier: MIT
/** The feature matrix: what each mechanism guards, what was expected of it, and the evidence. */
import { type FeatureCell, type FeatureMatrix, featureMatrix, isTried } from '../../judge/feature-matrix.ts';
import type { Section } from '../html/section.ts';
import { type Content, type Markup, markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';

type Row = FeatureMatrix['features'][number];

/** How an outcome looks: told apart by sign and word, not by colour. */
const signs: Readonly<Record<FeatureCell['outcome'], { readonly sign: string; readonly word: string }>> = {
  held: { sign: '✓', word: 'held' },
  violated: { sign: '✗', word: 'violated' },
  'not-applicable': { sign: '·', word: 'not applicable' },
  unknown: { sign: '?', word: 'unknown' },
  'not-measured': { sign: '–', word: 'not measured' },
};

export function featuresSection({ run, verdicts }: ReportData): Section | null {
  const matrix = featureMatrix(run, verdicts);
  const rows = matrix.features.filter(isTried);
  if (rows.length === 0) return null;
  const left = matrix.features.length - rows.length;
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))];
  return {
    id: 'features',
    title: 'What each mechanism guards',
    content: [
      markup`<p>${Object.values(signs).map(({ sign, word }, index) => markup`${index === 0 ? '' : ', '}<strong>${sign}</strong> ${word}`)}. In a box: not what had been expected before the first boot. Dotted: nothing in particular had been expected. A known weakness is a ✗ with neither.</p>`,
      markup`<div class="wide" role="group" tabindex="0" aria-label="table, scrolls where it is wider than the page"><table class="matrix"><caption>Mechanism × property, kernel ${matrix.kernel}</caption><thead><tr><th scope="col">property</th>${matrix.mechanisms.map(
        (name) => markup`<th scope="col"><span>${name}</span></th>`,
      )}</tr></thead>${scenarios.map((scenario) => group(matrix, rows, scenario))}</table></div>`,
      markup`<h3>Evidence</h3>`,
      scenarios.map((scenario) => evidence(rows, scenario)),
      left === 0
        ? null
        : markup`<p><small>${left} more ${left === 1 ? 'property was' : 'properties were'} not measured with any mechanism of this run; features.json beside this page names them.</small></p>`,
    ],
  };
}

function group({ mechanisms }: FeatureMatrix, rows: readonly Row[], scenario: string): Markup {
  return markup`<tbody><tr><th scope="rowgroup" colspan="${mechanisms.length + 1}">${scenario}</th></tr>${rows
    .filter((row) => row.scenario === scenario)
    .map((row) => markup`<tr><th scope="row">${row.property}</th>${row.cells.map(cell)}</tr>\n`)}</tbody>`;
}

function cell({ outcome, expected, verdict }: FeatureCell): Markup {
  const { sign, word } = signs[outcome];
  // What does not apply needs no expectation.
  const kind = outcome === 'not-applicable' && expected === 'any' ? 'as-expected' : kindOf(expected, verdict);
  const said = { 'as-expected': word, surprise: `${word}, not as expected`, open: `${word}, nothing was expected` }[
    kind
  ];
  return markup`<td class="${kind}"><span role="img" aria-label="${said}">${sign}</span></td>`;
}

/** What passes because it may be anything was no more foreseen than what fails. */
function kindOf(
  expected: FeatureCell['expected'],
  verdict: FeatureCell['verdict'],
): 'as-expected' | 'surprise' | 'open' {
  if (expected === 'any') return 'open';
  return verdict === null || verdict === 'pass' ? 'as-expected' : 'surprise';
}

/** Folded up: mechanisms of which the same is to be said share a line. */
function evidence(rows: readonly Row[], scenario: string): Markup {
  const own = rows.filter((row) => row.scenario === scenario);
  return markup`<details><summary>${scenario}: ${own[0]?.question ?? ''}</summary><dl>${own.map((row) => [
    markup`<dt>${row.property}</dt><dd>${lines(row)}</dd>`,
  ])}</dl></details>`;
}

function lines({ cells }: Row): Content {
  const groups = new Map<string, { readonly cell: FeatureCell; readonly names: string[] }>();
  for (const each of cells) {
    if (each.outcome === 'not-measured') continue;
    const key = JSON.stringify([each.outcome, each.expected, each.evidence]);
    const found = groups.get(key) ?? { cell: each, names: [] };
    groups.set(key, found);
    found.names.push(each.mechanism);
  }
  return [...groups.values()].map(
    ({ cell: { outcome, expected, evidence: seen }, names }) =>
      markup`<p><strong>${names.join(', ')}</strong>: ${signs[outcome].word}${expected === null ? '' : ` (expected: ${expected})`}. ${seen}</p>`,
  );
}
