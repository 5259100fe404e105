// SPDX-License-Identifier: MIT
import type { Plan } from '../../results/plan.ts';
import type { Verdict } from '../judge/verdict.ts';
import { count } from '../words.ts';
import { cellName } from './cell-name.ts';
import { plainText } from './plain-text.ts';

/** How a word of a verdict is shown; the identity where there are no colours. */
export type Paint = (verdict: Verdict['verdict'], text: string) => string;

export const noPaint: Paint = (_verdict, text) => text;

const colours = { pass: 32, fail: 31, unknown: 33 } as const;
export const ansiPaint: Paint = (verdict, text) => `\u001b[${colours[verdict]}m${text}\u001b[0m`;

/**
 * Per scenario and mechanism one line with what was seen, and beneath it each verdict that is not a pass with its evidence. What
 * does not apply is named too. Those of `cutOff` are one line in all.
 */
export function verdictLines(
  plan: Plan,
  verdicts: readonly Verdict[],
  paint: Paint = noPaint,
  cutOff: ReadonlySet<Verdict> = new Set(),
): string[] {
  const lines: string[] = [];
  const unseen = verdicts.filter((verdict) => cutOff.has(verdict));
  const told = verdicts.filter((verdict) => !cutOff.has(verdict));
  for (const cell of [...plan.cells, ...plan.checks]) {
    const own = told.filter((verdict) => verdict.dimensions.cell === cell.id);
    const [first] = own;
    if (first === undefined) continue;
    const worst = worstOf([...own, ...unseen.filter((verdict) => verdict.dimensions.cell === cell.id)]);
    const title = cellName(first.dimensions).padEnd(34);
    const passed = own.filter(({ verdict }) => verdict === 'pass');
    lines.push(`  ${title} ${paint(worst, worst.padEnd(7))} ${summary(passed)}`);
    for (const verdict of own.filter((each) => each.verdict !== 'pass')) lines.push(detail(verdict, paint));
  }
  if (unseen.length > 0) lines.push(unseenLine(unseen, paint));
  return [...lines, ...notApplicableLines(plan).map((line) => `  ${line}`)];
}

function unseenLine(unseen: readonly Verdict[], paint: Paint): string {
  const cells = new Set(unseen.map(({ dimensions }) => dimensions.cell)).size;
  return `  ${count(unseen.length, 'verdict')} of ${count(cells, 'cell')} ${paint('unknown', 'unknown')}: not all of their boots are done`;
}

/** The same reason in the same scenario is one line. */
export function notApplicableLines(plan: Plan): string[] {
  const mechanisms = new Map<string, string[]>();
  for (const { mechanism, scenario, reason } of plan.notApplicable) {
    const key = `${scenario}\n${reason}`;
    mechanisms.set(key, [...(mechanisms.get(key) ?? []), mechanism]);
  }
  return [...mechanisms].map(([key, names]) => {
    const [scenario, reason] = key.split('\n');
    return `${scenario} does not apply to ${names.join(', ')}: ${plainText(reason ?? '')}`;
  });
}

/** The worst of some verdicts; nothing judged is nothing known. */
export function worstOf(verdicts: readonly Verdict[]): Verdict['verdict'] {
  if (verdicts.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return verdicts.length === 0 || verdicts.some(({ verdict }) => verdict === 'unknown') ? 'unknown' : 'pass';
}

/** `7 held as expected; violated, as expected: no-host-helper`. */
function summary(passed: readonly Verdict[]): string {
  const parts: string[] = [];
  const held = passed.filter(({ property }) => property === 'held').length;
  if (held > 0) parts.push(`${held} held as expected`);
  const add = (what: string, of: (each: Verdict) => boolean) => {
    const names = passed.filter(of).map(({ oracle }) => oracle);
    if (names.length > 0) parts.push(`${what}: ${names.join(', ')}`);
  };
  add('violated, as expected', ({ property, expected }) => property === 'violated' && expected === 'violated');
  add(
    'violated, where nothing was expected',
    ({ property, expected }) => property === 'violated' && expected !== 'violated',
  );
  for (const same of ['unknown', 'not-applicable'] as const) add(same, ({ property }) => property === same);
  return parts.join('; ');
}

function detail({ oracle, property, expected, verdict, evidence }: Verdict, paint: Paint): string {
  const seen = verdict === 'fail' ? `${property}, but expected ${expected}` : `${property}, expected ${expected}`;
  return `    ${paint(verdict, verdict)} ${oracle}: ${seen}: ${plainText(evidence)}`;
}
