// SPDX-License-Identifier: MIT
/** A trend as a person reads it on a terminal: the verdict first. */
import { effectText, figureText, metricName, partText } from '../compare/metric-text.ts';
import { threeDigits } from '../report/format.ts';
import { plainText } from '../report/plain-text.ts';
import { terminalTable } from '../report/tables/table-model.ts';
import { typedPath } from '../report/typed-path.ts';
import { ansiPaint, noPaint } from '../report/verdict-lines.ts';
import { count } from '../words.ts';
import { budgetNights } from './rules.ts';
import { leastNights } from './statistics/monitor.ts';
import type { Alert, Followed, Trend } from './trend.ts';

/** Rows of a table before it says how many more there are. */
const shownRows = 20;
const colours = { regressed: 'fail', improved: 'pass', unchanged: 'pass', underpowered: 'unknown' } as const;

export function trendText(trend: Trend, colour: boolean, all: boolean): string {
  const { overall, history, nights, alerts, series, choice } = trend;
  const paint = colour ? ansiPaint : noPaint;
  const [first, last] = [nights[0], nights.at(-1)];
  const span =
    first === undefined || last === undefined ? '' : `, ${dayOf(first.createdAt)} to ${dayOf(last.createdAt)}`;
  const lines = [
    `${paint(colours[overall], overall)}: ${verdictSentence(trend)}`,
    `history  ${typedPath(history.dir)}, ${count(nights.length, 'night')}${span}`,
    `rules    ${rulesSentence(trend)}`,
    ...(history.problem === null ? [] : [`note     ${history.problem}`]),
    '',
  ];
  const groups: readonly (readonly [string, readonly Alert[]])[] = [
    ['worse', alerts.filter(({ open, direction }) => open && direction === 'regressed')],
    ['better', alerts.filter(({ open, direction }) => open && direction === 'improved')],
    ['earlier, changed or reset again since', alerts.filter(({ open }) => !open)],
  ];
  for (const [title, group] of groups) {
    if (group.length === 0) continue;
    const shown = all ? group.length : shownRows;
    lines.push(`${title}: ${count(group.length, 'change')}`, alertTable(group.slice(0, shown), trend));
    if (group.length > shown) lines.push(`  ${group.length - shown} more: --all shows them`);
    lines.push('');
  }
  if (all && series.length > 0) lines.push(seriesTable(series), '');
  const restless = series.filter(({ reference }) => reference?.restless === true).length;
  if (restless > 0)
    lines.push(
      `${count(restless, 'metric')} of nights that are disturbed now and then, and followed more slowly for it.`,
    );
  if (choice.metrics ?? choice.scenarios ?? choice.mechanisms)
    lines.push('Only what was asked for is shown and counted.');
  return lines.join('\n').trimEnd();
}

/** What it comes to, in one sentence that can stand alone. */
export function verdictSentence({ overall, alerts, series, unsure, nights }: Trend): string {
  const open = (direction: Alert['direction']) => alerts.filter((alert) => alert.open && alert.direction === direction);
  const said: string[] = [];
  const worse = open('regressed');
  if (worse.length > 0) said.push(`${count(worse.length, 'metric')} worse`);
  const fresh = worse.filter((alert) => alert.fresh).length;
  if (fresh > 0) said.push(`${fresh} of them found on the last night`);
  if (open('improved').length > 0) said.push(`${open('improved').length} better`);
  if (overall === 'unchanged')
    said.push(`no change of ${count(series.filter(({ state }) => state === 'watched').length, 'metric')}`);
  said.push(...unsure);
  const [first] = worse;
  const example =
    first === undefined
      ? ''
      : ` First: ${metricName(first.followed.body)} ${changeText(first)} since ${dayOf(nights[first.from]?.createdAt ?? '')}.`;
  return `${said.join(', ')}.${example}`;
}

export function rulesSentence({ choice: { budget, deltas } }: Trend): string {
  return `${threeDigits(budget)} false alerts in ${budgetNights} nights, of all metrics together; steps below ${threeDigits(deltas.ratio * 100)}% of a ratio do not matter; ${leastNights} nights to learn a level`;
}

export function dayOf(createdAt: string): string {
  return createdAt.slice(0, 10);
}

function alertTable(alerts: readonly Alert[], { nights }: Trend): string {
  return terminalTable({
    title: '',
    head: ['id', 'metric', 'before', 'after', 'change', 'since', 'found', 'what else changed then'],
    rows: alerts.map((alert) => [
      `${alert.id}${alert.fresh ? ' new' : ''}`,
      metricName(alert.followed.body),
      levelText(alert.followed, alert.before),
      levelText(alert.followed, alert.after),
      changeText(alert),
      dayOf(nights[alert.from]?.createdAt ?? ''),
      dayOf(nights[alert.at]?.createdAt ?? ''),
      plainText(alert.suspects.map(shortened).join('; ') || 'nothing that is recorded'),
    ]),
    notes: [],
  });
}

/** Hashes of which nobody reads the end. */
export function shortened(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{8,}\b/g, '$1…');
}

function seriesTable(series: readonly Followed[]): string {
  return terminalTable({
    title: 'every metric',
    head: ['metric', 'level', 'would be found', 'state'],
    rows: series.map((each) => [
      metricName(each.body),
      each.reference === null ? '–' : levelText(each, toldLevel(each)),
      detectableText(each),
      stateText(each),
    ]),
    notes: ['Would be found: the least step that is found within so many nights in 80 of 100 cases.'],
  });
}

export function toldLevel({ reference, judged }: Followed): number {
  const middle = reference?.middle ?? Number.NaN;
  return judged.scale === 'ratio' ? Math.exp(middle) : middle;
}

export function levelText({ body, judged }: Pick<Followed, 'body' | 'judged'>, value: number): string {
  return figureText({ unit: body.unit, scale: judged.scale }, value);
}

export function changeText({ followed: { judged }, change }: Alert): string {
  return partText(judged.scale, change);
}

export function detectableText({ judged, detectable, detectableNights }: Followed): string {
  if (detectable === null) return '–';
  return `${effectText(judged.scale, detectable)} in ${detectableNights} nights`;
}

export function stateText({ state, nights }: Followed): string {
  return state === 'learning' ? `learning: ${nights} of ${leastNights} nights` : `${state}, ${count(nights, 'night')}`;
}
