// SPDX-License-Identifier: MIT
/**
 * What an oracle is, and how its answers for single boots become one. An oracle is a pure function of a cell's plan and what
 * was recorded; it never guesses: a frame that is missing makes it say unknown, unless what did arrive already
 * shows a violation.
 */
import type { CellView, WindowView } from '../../results/cell-view.ts';
import type { CellPlan, Expected } from '../../results/plan.ts';
import { reasonOf } from '../measure/figure.ts';
import { count } from '../words.ts';
import type { Finding, Property } from './verdict.ts';

export interface OracleInput {
  readonly cell: CellPlan;
  /** One for every boot that was planned to run the cell, whether it did or not. */
  readonly views: readonly CellView[];
}

export type Oracle = (input: OracleInput) => Finding;

export function finding(property: Property, evidence: string): Finding {
  return { property, evidence };
}

export const held = (evidence: string): Finding => finding('held', evidence);
export const violated = (evidence: string): Finding => finding('violated', evidence);
export const unknown = (evidence: string): Finding => finding('unknown', evidence);
/** Unknown, since too few requests ended: more windows in a boot have more. */
export const tooFewRequests = (evidence: string): Finding => ({ ...unknown(evidence), lacks: 'requests' });
/** Unknown, since no request of these windows was answered: more of them would help only where none ended in an error, either. */
export const noneAnswered = (windows: readonly WindowView[], evidence: string): Finding =>
  windows.some(({ frame }) => (frame?.ended ?? 0) > 0) ? unknown(evidence) : tooFewRequests(evidence);
export const notApplicable = (evidence: string): Finding => finding('not-applicable', evidence);

/** What was found in one boot of the run. */
export interface BootFinding extends Finding {
  readonly boot: number;
}

/** Judges boot by boot. */
export function overBoots(input: OracleInput, judgeBoot: (view: CellView) => Finding): Finding {
  return combine(input.views.map((view) => ({ boot: view.boot.plan.index, ...judgeBoot(view) })));
}

/**
 * Violated if it was in any boot, else unknown if it is in any, else held in all. The evidence is that of the first boot that decides,
 * and says which; for held that of the first boot, and how many there are.
 */
export function combine(findings: readonly BootFinding[]): Finding {
  for (const property of ['violated', 'unknown', 'not-applicable'] as const) {
    const decisive = findings.filter((f) => f.property === property);
    const first = decisive[0];
    if (first === undefined) continue;
    const more = decisive.length > 1 ? ` (and so in ${decisive.length - 1} more of ${findings.length} boots)` : '';
    const found = finding(property, `boot ${first.boot}: ${first.evidence}${more}`);
    return decisive.every(({ lacks }) => lacks === 'requests') ? { ...found, lacks: 'requests' } : found;
  }
  const first = findings[0];
  if (first === undefined) return unknown('no boot of the plan runs this cell');
  return held(
    `boot ${first.boot}: ${first.evidence}${findings.length > 1 ? `; held in all ${findings.length} boots` : ''}`,
  );
}

/**
 * One boot's violation is a violation of the whole. That must not satisfy whoever expects one: a boot in which it did not show
 * would hide behind the others. `ofBoots`: what is found of each boot alone.
 */
export function decide(overall: Finding, ofBoots: () => readonly Finding[], expected: Expected): Finding {
  if (expected !== 'violated' || overall.property !== 'violated') return overall;
  const others = ofBoots().filter(({ property }) => property !== 'violated');
  return others.find(({ property }) => property === 'held') ?? others[0] ?? overall;
}

/** Why the frames of a boot prove no absence: null if every planned window of the cell was reported and nothing was lost. */
export function gapInWindows(view: CellView, windows: readonly WindowView[] = view.windows): string | null {
  const lost = damageIn(view);
  if (lost !== null) return lost;
  const missing = windows.filter(({ frame }) => frame === null);
  const first = missing[0];
  if (first === undefined) return null;
  const what = `window ${first.index} of ${first.container.name}`;
  return `${missing.length} of ${windows.length} windows were not reported, ${what} first (${reasonOf(view.boot)})`;
}

/** Why no frame's absence means anything in this boot; null if frames are whole. */
export function damageIn(view: Pick<CellView, 'boot'>): string | null {
  const [first] = view.boot.damage;
  return first === undefined ? null : `frames were lost or garbled: ${first}`;
}

/**
 * Judges a boot by its windows: violated with the first complaint about any that was reported, unknown if one is missing or
 * was cut short.
 * `complaint` says what is wrong with a window, or null.
 */
export function overWindows(
  view: CellView,
  complaint: (frame: NonNullable<WindowView['frame']>, window: WindowView) => string | null,
  otherwise: (summary: string) => Finding,
): Finding {
  for (const window of view.windows) {
    if (window.frame === null) continue;
    const wrong = complaint(window.frame, window);
    if (wrong !== null) return violated(`window ${window.index} of ${window.container.name}: ${wrong}`);
  }
  const gap = gapInWindows(view);
  if (gap !== null) return unknown(gap);
  const cut = view.windows.find(({ frame }) => frame?.truncated);
  if (cut !== undefined) {
    const where = `window ${cut.index} of ${cut.container.name}`;
    return unknown(`the ledger was full in ${where}, requests beyond it are not known`);
  }
  return otherwise(`${count(sum(view, 'started'), 'request')} in ${count(view.windows.length, 'window')}`);
}

/** A count over all reported windows of the cell in a boot. */
export function sum(view: CellView, field: 'started' | 'ok' | 'ended'): number {
  return view.windows.reduce((total, { frame }) => total + (frame?.[field] ?? 0), 0);
}
