// SPDX-License-Identifier: MIT
/** A trend as one HTML page: what changed, as pictures, and every metric in a table. No script, nothing to be fetched. */
import { metricName } from '../../compare/metric-text.ts';
import { page } from '../../report/html/page.ts';
import { figure, type Section } from '../../report/html/section.ts';
import { table } from '../../report/html/table.ts';
import { type Content, markup } from '../../report/markup.ts';
import { plainText } from '../../report/plain-text.ts';
import { count } from '../../words.ts';
import {
  changeText,
  dayOf,
  detectableText,
  levelText,
  rulesSentence,
  shortened,
  stateText,
  toldLevel,
  verdictSentence,
} from '../text.ts';
import type { Alert, Followed, Trend } from '../trend.ts';
import { scatterText, seriesChart, sparkline } from './series-chart.ts';

/** Pictures on a page: with more of them nobody sees any. */
const mostCharts = 40;

/** Depends on the history and what was asked alone: the same gives the same bytes. */
export function trendPage(trend: Trend): string {
  const { overall, nights, history } = trend;
  const [first, last] = [nights[0], nights.at(-1)];
  const span =
    first === undefined || last === undefined ? '' : `, ${dayOf(first.createdAt)} to ${dayOf(last.createdAt)}`;
  const header = markup`<p><small>keystorm: request_key() upcalls to containers</small></p>
<h1><span class="verdict">${overall}</span> ${verdictSentence(trend)}</h1>
${history.problem === null ? null : markup`<p class="banner" role="note">${history.problem}</p>`}
<p>${count(nights.length, 'night')}${span}. Rules: ${rulesSentence(trend)}.</p>`;
  return page({
    title: `keystorm trend: ${overall}`,
    header,
    sections: trendSections(trend),
    footer: markup`<p>Made by keystorm from a history of runs; what is said and by which rules: docs/trend.md there.</p>`,
  });
}

/** What of a trend is told below its verdict. */
export function trendSections(trend: Trend): Section[] {
  return [
    changesSection('worse', 'Worse', trend, (alert) => alert.open && alert.direction === 'regressed'),
    changesSection('better', 'Better', trend, (alert) => alert.open && alert.direction === 'improved'),
    changesSection('earlier', 'Earlier changes', trend, (alert) => !alert.open),
    seriesSection(trend),
    resetsSection(trend),
  ].filter((section) => section !== null);
}

function changesSection(id: string, title: string, trend: Trend, which: (alert: Alert) => boolean): Section | null {
  const alerts = trend.alerts.filter(which);
  if (alerts.length === 0) return null;
  const drawn = id === 'earlier' ? 0 : Math.min(alerts.length, mostCharts / 2);
  const charts = alerts.slice(0, drawn).map((alert) => seriesChart(`c-${alert.id}`, alert, trend));
  const caption = markup`Each night’s figure, the median over its boots, and the level before and after. Shaded: from the first changed night to the one on which the change was found. Dashed: other changes, and where a metric began anew.${alerts.length > drawn ? ` ${alerts.length - drawn} more are in the table.` : ''}`;
  return {
    id,
    title,
    content: [changeTable(alerts, trend), drawn === 0 ? null : figure(charts, caption, hostsOf(alerts))],
  };
}

function hostsOf(alerts: readonly Alert[]): string {
  const of = (name: string) =>
    [...new Set(alerts.map(({ followed }) => String(followed.body.dimensions[name] ?? '')))].join(', ');
  return `${of('machine')}, ${of('accelerator').toUpperCase()}, ${of('host')}`;
}

function changeTable(alerts: readonly Alert[], { nights }: Trend): Content {
  return table({
    caption: count(alerts.length, 'change'),
    head: ['metric', 'before', 'after', 'change', 'since', 'found', 'what else changed then', 'id'],
    rows: alerts.map((alert) => [
      plainText(metricName(alert.followed.body)),
      levelText(alert.followed, alert.before),
      levelText(alert.followed, alert.after),
      changeText(alert),
      nightText(alert.from, nights),
      `${nightText(alert.at, nights)}${alert.fresh ? '\nthe last night' : ''}`,
      alert.suspects.length === 0
        ? 'nothing that is recorded'
        : alert.suspects.map((suspect, i) => markup`${i === 0 ? null : markup`<br/>`}${shortened(suspect)}`),
      markup`<code style="white-space:nowrap">${alert.id}</code>`,
    ]),
  });
}

/** With hyphens at which no line breaks. */
function nightText(night: number, nights: Trend['nights']): string {
  const each = nights[night];
  return each === undefined ? '–' : dayOf(each.createdAt).replaceAll('-', '\u2011');
}

function seriesSection({ series }: Trend): Section | null {
  if (series.length === 0) return null;
  const rank = { missing: 0, learning: 1, watched: 2, ended: 3 } as const;
  const sorted = [...series].sort((a, b) => rank[a.state] - rank[b.state] || a.body.series - b.body.series);
  return {
    id: 'metrics',
    title: 'Every metric',
    content: table({
      caption: count(series.length, 'metric'),
      head: ['metric', 'over all nights', 'level', 'scatter of nights', 'would be found', 'state'],
      rows: sorted.map((each: Followed) => [
        plainText(metricName(each.body)),
        sparkline(each),
        each.reference === null ? '–' : levelText(each, toldLevel(each)),
        scatterText(each),
        detectableText(each),
        `${stateText(each)}${each.reference?.restless === true ? '\nnights are disturbed now and then' : ''}`,
      ]),
      notes: [
        'Would be found: the least step that is found within so many nights in 80 of 100 cases.',
        'Dashed lines in the small pictures: where the metric changed. Each picture has a scale of its own.',
      ],
    }),
  };
}

/** Where metrics began anew, and why; those of which many have the same are told once. */
function resetsSection({ series, nights }: Trend): Section | null {
  const told = new Map<string, { readonly night: number; readonly why: string; metrics: number }>();
  for (const { resets } of series) {
    for (const { night, why } of resets) {
      const key = `${night}\n${why}`;
      const known = told.get(key) ?? { night, why, metrics: 0 };
      known.metrics++;
      told.set(key, known);
    }
  }
  if (told.size === 0) return null;
  const rows = [...told.values()]
    .sort((a, b) => b.night - a.night)
    .map(({ night, why, metrics }) => [
      night < nights.length ? nightText(night, nights) : 'from the next night on',
      count(metrics, 'metric'),
      plainText(why),
    ]);
  return {
    id: 'resets',
    title: 'Begun anew',
    content: table({
      caption: 'What was learned anew from a night on, and why',
      head: ['since', 'metrics', 'why'],
      rows,
    }),
  };
}
