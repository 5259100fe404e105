// SPDX-License-Identifier: MIT
/** A night as a person reads it on a terminal or in a mail: the verdict first. */
import { compareText } from '../compare/text.ts';
import { typedPath } from '../report/typed-path.ts';
import { ansiPaint, noPaint } from '../report/verdict-lines.ts';
import { verdictSentence as trendSentence } from '../trend/text.ts';
import { count } from '../words.ts';
import { alertLines } from './alert-lines.ts';
import { type Night, nightSentence } from './night.ts';

const colours = {
  regressed: 'fail',
  'not-met': 'fail',
  broken: 'fail',
  underpowered: 'unknown',
  improved: 'pass',
  unchanged: 'pass',
} as const;

export function nightText(night: Night, colour: boolean): string {
  const { overall, sides, comparison, refusal, told, notes } = night;
  const paint = colour ? ansiPaint : noPaint;
  const { runId, createdAt } = sides.new.run.manifest;
  const lines = [
    `${paint(colours[overall], overall)}: ${nightSentence(night)}`,
    `night    ${runId}, ${createdAt.slice(0, 16).replace('T', ' ')} UTC: ${night.subject} against ${night.baseline}`,
    `trend    ${trendLine(night)}`,
    `history  ${historyLine(night)}`,
    // Those of the comparison stand with it.
    ...notes.filter((note) => comparison?.notes.includes(note) !== true).map((note) => `note     ${note}`),
    '',
  ];
  const alerts = alertLines(told);
  if (alerts.length > 0) {
    lines.push(
      'alerts',
      ...alerts.map(
        ({ word, alert, said }) => `  ${word.padEnd(10)} ${alert.id}  ${alert.what}${said === '' ? '' : ` (${said})`}`,
      ),
      '',
    );
  }
  lines.push('against the baseline', comparison === null ? (refusal ?? '') : compareText(comparison, colour, false));
  return lines.join('\n').trimEnd();
}

export function trendLine({ trend }: Night): string {
  return `${trend.overall}: ${trendSentence(trend)}`;
}

export function historyLine({ trend, kept }: Night): string {
  const where = `${typedPath(trend.history.dir)}, ${count(trend.nights.length, 'night')}`;
  return kept.added ? `${where}, this one included` : `${where}; this one was not appended: ${kept.why}`;
}
