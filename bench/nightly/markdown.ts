// SPDX-License-Identifier: MIT
/** A night as a short text for an issue, a chat or a mail. */
import type { Compared } from '../compare/figures.ts';
import { figureText, metricName, valueText } from '../compare/metric-text.ts';
import { repeatCommand } from '../plan/repro.ts';
import { escapedMarkdown, markdownTable } from '../report/markdown/markdown.ts';
import { wrapped, wrappedCommand } from '../report/markdown/wrap.ts';
import { count } from '../words.ts';
import { alertLines } from './alert-lines.ts';
import { type Night, nightSentence } from './night.ts';
import { historyLine, trendLine } from './text.ts';

/** More rows belong on the page. */
const mostRows = 20;

export function nightMarkdown(night: Night): string {
  const { overall, sides, notes } = night;
  const { manifest } = sides.new.run;
  const listed = (lines: readonly string[]) => lines.flatMap((line) => wrapped(`- ${escapedMarkdown(line)}`, '  '));
  const sections: string[][] = [
    [`# keystorm nightly: ${overall}`],
    wrapped(escapedMarkdown(nightSentence(night))),
    listed(
      alertLines(night.told).map(
        ({ word, alert, said }) => `${word} ${alert.id}: ${alert.what}${said === '' ? '' : ` (${said})`}`,
      ),
    ),
    comparisonTable(night),
    wrapped(escapedMarkdown(`Trend: ${trendLine(night)}`)),
    listed(notes),
    wrapped(
      escapedMarkdown(
        `Night ${manifest.runId} of ${manifest.createdAt.slice(0, 10)}: ${night.subject} against ${night.baseline}; history ${historyLine(night)}.`,
      ),
    ),
    ['Measure it again:', '', ...wrappedCommand(repeatCommand(manifest)).map((line) => `    ${line}`)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function comparisonTable({ comparison, refusal }: Night): string[] {
  if (comparison === null) return wrapped(escapedMarkdown(refusal ?? ''));
  const { metrics } = comparison.figures;
  const order: readonly Compared['outcome'][] = ['regressed', 'improved', 'underpowered'];
  const told = order.flatMap((outcome) => metrics.filter((metric) => metric.outcome === outcome));
  const rows = told
    .slice(0, mostRows)
    .map((metric) =>
      [
        metric.outcome,
        metricName(metric),
        figureText(metric, metric.base),
        figureText(metric, metric.new),
        valueText(metric),
      ].map(escapedMarkdown),
    );
  const left = told.length - rows.length;
  const same = metrics.length - told.length;
  return [
    ...(rows.length === 0 ? [] : [...markdownTable(['', 'metric', 'baseline', 'new', 'new / baseline'], rows), '']),
    ...(left > 0 ? [`and ${left} more: see nightly.html`] : []),
    `${count(same, 'metric')} unchanged within δ.`,
  ];
}
