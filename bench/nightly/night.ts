// SPDX-License-Identifier: MIT
/** Everything that is to be said of a night, as data; and what it comes to. */
import type { OpenAlert } from '../../results/nightly-state.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { citationsOf } from '../calibrate/store.ts';
import { type Comparison, compare } from '../compare/compare.ts';
import type { ComparisonRules } from '../compare/figures.ts';
import { runsAsSides, type Sides } from '../compare/side.ts';
import { verdictSentence as comparisonSentence } from '../compare/text.ts';
import { hasFailure, overallVerdict } from '../judge/outcome.ts';
import { warnings } from '../report/conclusion.ts';
import { reportData } from '../report/report-data.ts';
import { dayOf } from '../trend/text.ts';
import type { Trend } from '../trend/trend.ts';
import { count } from '../words.ts';
import { type Told, tell } from './alerts.ts';
import { looksOf, openNowhere } from './looks.ts';

export const nightOutcomes = [
  /** Something is worse than the baseline, or than it was: tonight, or found earlier and not refuted since. */
  'regressed',
  /** An expectation is not met, of the baseline neither. */
  'not-met',
  /** A guest or the harness broke, and nothing is known to be worse. */
  'broken',
  /** Nothing is known to be worse, and not everything is known. */
  'underpowered',
  'improved',
  'unchanged',
] as const;
export type NightOutcome = (typeof nightOutcomes)[number];

/** Two sides as they were measured, and what became of comparing them. */
export interface Held {
  readonly sides: Sides;
  /** Null where no block came to its end on both sides; then `refusal` says so. */
  readonly comparison: Comparison | null;
  readonly refusal: string | null;
}

/** What became of the run of new in the history. */
export type Kept = { readonly added: true } | { readonly added: false; readonly why: string };

export interface Night extends Held {
  /** As `pair` takes them, pinned. */
  readonly baseline: string;
  readonly subject: string;
  readonly trend: Trend;
  readonly kept: Kept;
  readonly told: Told;
  readonly overall: NightOutcome;
  /** Why not everything is known; empty if it is. */
  readonly unsure: readonly string[];
  /** What else is to be known, one sentence each; before any figure is believed first. */
  readonly notes: readonly string[];
}

/** @throws KeystormError (2) if the two cannot be compared at all. */
export function heldAgainst(base: StoredRun, other: StoredRun, rules: ComparisonRules): Held {
  const sides = runsAsSides(base, other);
  try {
    return { sides, comparison: compare(sides, rules, false, citationsOf(sides)), refusal: null };
  } catch (error) {
    if (!(error instanceof KeystormError) || error.exitCode !== 4) throw error;
    return { sides, comparison: null, refusal: error.message };
  }
}

export interface NightParts {
  readonly held: Held;
  readonly baseline: string;
  readonly subject: string;
  /** Of the history, the night included if it was kept. */
  readonly trend: Trend;
  readonly kept: Kept;
  /** What was wrong with the end of the history before the night was appended there, a sentence; null: nothing. */
  readonly torn: string | null;
  /** What was open before. */
  readonly before: readonly OpenAlert[];
}

/** Pure. */
export function nightOf({ held, baseline, subject, trend, kept, torn, before }: NightParts): Night {
  const { sides, comparison } = held;
  const { verdicts, run } = sides.new;
  const looks = looksOf({ comparison, verdicts, trend, kept: kept.added, baseline }, before);
  const told = tell(before, looks, run.manifest.createdAt);
  const lacking = comparison === null ? 0 : openNowhere(comparison, baseline, told.open);
  const unsure = [
    ...unsureOf(held, kept, torn),
    ...(lacking > 0 ? [`${count(lacking, 'metric')} with an open alert had no figure tonight`] : []),
  ];
  return {
    ...{ ...held, baseline, subject, trend, kept, told, unsure },
    overall: overallOf(held, told, unsure),
    notes: [
      ...warnings(reportData(run, sides.new.metrics, verdicts)),
      ...(baseline === subject
        ? [
            `Baseline and new are the same guest, ${baseline}, so that all that differs is chance: pin the baseline, with module=REVISION for one.`,
          ]
        : []),
      ...(comparison?.notes ?? []),
    ],
  };
}

function overallOf({ sides, comparison }: Held, { raised, open }: Told, unsure: readonly string[]): NightOutcome {
  const bad = [...raised, ...open];
  if (isWorse(comparison) || bad.some(({ kind }) => kind !== 'verdict')) return 'regressed';
  if (bad.length > 0) return 'not-met';
  if (broke(sides)) return 'broken';
  if (unsure.length > 0) return 'underpowered';
  return comparison?.overall === 'improved' ? 'improved' : 'unchanged';
}

/** Guests that fail are told by their alerts: `compare` says `regressed` of a single one, which may fail by itself. */
function isWorse(comparison: Comparison | null): boolean {
  if (comparison === null) return false;
  const { figures, behaviour } = comparison;
  return (
    figures.metrics.some(({ outcome }) => outcome === 'regressed') ||
    behaviour.flips.some(({ kind }) => kind === 'worse')
  );
}

function broke(sides: Sides): boolean {
  return [sides.base, sides.new].some(({ run }) => hasFailure(run.records));
}

/** That a trend is only being learned is told, and no doubt of the night. */
function unsureOf({ sides, comparison, refusal }: Held, kept: Kept, torn: string | null): string[] {
  const { verdicts, run } = sides.new;
  const unknown = verdicts.filter(({ verdict }) => verdict === 'unknown').length;
  return [
    ...(comparison?.unsure ?? []),
    ...(refusal === null ? [] : [part(refusal)]),
    ...(unknown > 0 && overallVerdict(verdicts, run.status) !== 'fail'
      ? [`${count(unknown, 'expectation')} could not be judged`]
      : []),
    ...(kept.added ? [] : [`the night is not in the history (${part(kept.why)})`]),
    ...(torn === null ? [] : [`${part(torn)}: a night that was told may be lost`]),
  ];
}

/** A sentence within another one. */
function part(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** What it comes to, in one sentence or two that can stand alone. */
export function nightSentence({ overall, told: { raised, open, resolved }, sides, comparison, unsure }: Night): string {
  const since = [...new Set(open.map((alert) => dayOf(alert.raised)))].sort();
  const said = [
    ...(raised.length > 0 ? [`${count(raised.length, 'alert')} raised`] : []),
    ...(open.length > 0 ? [`${open.length} still open since ${since[0]}${since.length > 1 ? ' or later' : ''}`] : []),
    ...(resolved.length > 0 ? [`${resolved.length} resolved`] : []),
  ];
  const [first] = [...raised, ...open];
  const alerts = said.length === 0 ? '' : `${said.join(', ')}.${first === undefined ? ' ' : ` First: ${first.what}.`}`;
  const broken = broke(sides) ? 'a guest or the harness broke' : '';
  if (overall === 'regressed' || overall === 'not-met') {
    // With --only-new the code may be of this alone.
    const also = unsure.join(', ') || broken;
    return also === '' ? alerts : `${alerts} Also: ${also}.`;
  }
  if (comparison === null) return `${alerts}${unsure.join(', ') || broken}.`;
  const more = unsure.filter((each) => !comparison.unsure.includes(each)).join(', ');
  return `${alerts}${alerts === '' ? '' : 'Tonight: '}${comparisonSentence(comparison)}${more === '' ? '' : ` Also: ${more}.`}`;
}

/**
 * 1 something is worse or an expectation not met (with `onlyNew`: raised tonight), 3 a guest or the harness broke, 4 it is not known whether anything is worse, 0 else.
 */
export function exitCodeOf({ overall, told, sides, unsure }: Night, onlyNew: boolean): 0 | 1 | 3 | 4 {
  if (overall === 'regressed' || overall === 'not-met') {
    if (!onlyNew || told.raised.length > 0) return 1;
    if (broke(sides)) return 3;
    return unsure.length > 0 ? 4 : 0;
  }
  if (overall === 'broken') return 3;
  return overall === 'underpowered' ? 4 : 0;
}
