// SPDX-License-Identifier: MIT
/** A night as one HTML page: alerts, what was held against the baseline, and the trend. No script, nothing to be fetched. */
import type { Compared } from '../compare/figures.ts';
import { figureText, metricName, valueText } from '../compare/metric-text.ts';
import { chanceText, unknownTexts } from '../compare/text.ts';
import { repeatCommand } from '../plan/repro.ts';
import { page } from '../report/html/page.ts';
import type { Section } from '../report/html/section.ts';
import { table } from '../report/html/table.ts';
import { markup } from '../report/markup.ts';
import { plainText } from '../report/plain-text.ts';
import { typedPath } from '../report/typed-path.ts';
import { trendSections } from '../trend/html/trend-page.ts';
import { count } from '../words.ts';
import { alertLines } from './alert-lines.ts';
import { type Night, nightSentence } from './night.ts';
import { historyLine, trendLine } from './text.ts';

/** The order of rows: what needs a look first. */
const order: readonly Compared['outcome'][] = ['regressed', 'improved', 'underpowered', 'unchanged'];

export function nightPage(night: Night): string {
  const { overall, sides, trend, notes } = night;
  const { runId, createdAt } = sides.new.run.manifest;
  const header = markup`<h1><span class="verdict">${overall}</span> ${nightSentence(night)}</h1>
${notes.map((note) => markup`<p class="banner" role="note">${note}</p>`)}
<p>Night ${runId} of ${createdAt.slice(0, 10)}: ${night.subject} against ${night.baseline}.</p>
<p>Trend ${trendLine(night)}</p>`;
  return page({
    title: `${overall}: keystorm nightly of ${createdAt.slice(0, 10)}`,
    header,
    sections: [
      alertsSection(night),
      comparisonSection(night),
      ...trendSections(trend).map((section) => ({ ...section, title: `Trend: ${section.title.toLowerCase()}` })),
      nightSection(night),
    ].filter((section) => section !== null),
    footer: markup`<p>Made by keystorm nightly; what is said and by which rules: docs/nightly.md there.</p>`,
  });
}

function alertsSection({ told }: Night): Section | null {
  const lines = alertLines(told);
  if (lines.length === 0) return null;
  return {
    id: 'alerts',
    title: 'Alerts',
    content: table({
      caption: count(lines.length, 'alert'),
      head: ['', 'what', 'since', 'id'],
      rows: lines.map(({ word, alert, said }) => [
        word.toLowerCase(),
        plainText(alert.what),
        said === '' ? 'tonight' : plainText(said),
        markup`<code style="white-space:nowrap">${alert.id}</code>`,
      ]),
      notes: [
        'Raised: found for the first time. Still open: raised before, and not refuted. Resolved: told this once.',
      ],
    }),
  };
}

function comparisonSection({ comparison, refusal }: Night): Section {
  const head = { id: 'baseline', title: 'Against the baseline' };
  if (comparison === null) return { ...head, content: markup`<p>${refusal ?? ''}</p>` };
  const { metrics } = comparison.figures;
  return {
    ...head,
    content: table({
      caption: `${count(metrics.length, 'metric')}, ${count(comparison.design.blocks.length, 'block')}`,
      head: ['metric', 'baseline', 'new', 'new / baseline', 'said', 'chance, or what would be found'],
      rows: order.flatMap((outcome) =>
        metrics
          .filter((metric) => metric.outcome === outcome)
          .map((metric) => [
            plainText(metricName(metric)),
            figureText(metric, metric.base),
            figureText(metric, metric.new),
            valueText(metric),
            metric.outcome,
            knownText(metric),
          ]),
      ),
      notes: [
        'New over baseline with its 95% interval. Chance: of a difference like this without any, corrected for all metrics together.',
      ],
    }),
  };
}

function knownText(metric: Compared): string {
  if (metric.outcome === 'underpowered') return unknownTexts(metric)[0] ?? '–';
  return metric.chance === null ? '–' : chanceText(metric.chance);
}

function nightSection(night: Night): Section {
  const { sides } = night;
  return {
    id: 'night',
    title: 'The night',
    content: [
      markup`<ul><li>baseline: ${typedPath(sides.base.run.dir)}, ${sides.base.run.status}</li><li>new: ${typedPath(sides.new.run.dir)}, ${sides.new.run.status}; each has a report.html of its own</li><li>history: ${historyLine(night)}</li></ul>`,
      markup`<p>To measure it again:</p><pre>${repeatCommand(sides.new.run.manifest)}</pre>`,
    ],
  };
}
