// SPDX-License-Identifier: MIT
/** Everything that is to be said of two sides, as data; and what it comes to. */
import type { RunStatus } from '../../results/run-reader.ts';
import { type Behaviour, compareBehaviour } from './behaviour.ts';
import { demandComparable, nameOf } from './comparable.ts';
import { type Design, designOf } from './design.ts';
import { endsDoubt, worseEnds } from './ends.ts';
import { type Choice, compareFigures, type Figures, isCellChosen } from './figures.ts';
import type { Side, Sides } from './side.ts';
import type { Outcome } from './statistics/judgement.ts';

export interface Comparison {
  readonly sides: Sides;
  readonly choice: Choice;
  readonly design: Design;
  readonly figures: Figures;
  readonly behaviour: Behaviour;
  /** What is to be known of how the sides differ beside what is compared, one sentence each. */
  readonly notes: readonly string[];
  readonly overall: Outcome;
  /** Why it is not known whether anything else has changed; empty if it is. */
  readonly unsure: readonly string[];
}

/** `remarks`: what else is to be known of it. Pure but for what `demandComparable` and `designOf` throw. */
export function compare(sides: Sides, choice: Choice, force: boolean, remarks: readonly string[] = []): Comparison {
  const notes = [...demandComparable(sides, force), ...remarks];
  const design = designOf(sides);
  const figures = compareFigures(sides, design, choice);
  const behaviour = compareBehaviour(sides, design, (dimensions) => isCellChosen(dimensions, choice));
  const unsure = unsureOf(sides, figures, behaviour);
  return {
    sides,
    choice,
    design,
    figures,
    behaviour,
    notes: [...notes, ...designNotes(design), ...cellNotes(sides)],
    overall: overallOf(figures, behaviour, unsure, choice.alpha),
    unsure,
  };
}

/** The firmest statement: what got worse did, whatever else is not known. */
function overallOf(
  { metrics }: Figures,
  { flips, ends }: Behaviour,
  unsure: readonly string[],
  alpha: number,
): Outcome {
  const any = (outcome: Outcome) => metrics.some((metric) => metric.outcome === outcome);
  if (any('regressed') || flips.some(({ kind }) => kind === 'worse') || worseEnds(ends, alpha).length > 0)
    return 'regressed';
  if (unsure.length > 0) return 'underpowered';
  return any('improved') || flips.some(({ kind }) => kind === 'better') ? 'improved' : 'unchanged';
}

function unsureOf({ base, new: other }: Sides, { metrics }: Figures, { flips, ends }: Behaviour): string[] {
  const short = metrics.filter(({ outcome, reason }) => outcome === 'underpowered' && reason === null).length;
  const lacking = metrics.filter(({ reason }) => reason !== null).length;
  const lost = flips.filter(({ kind }) => kind === 'lost').length;
  const runs = ([base, other] as const).filter(({ run }, i, all) => all.findIndex((each) => each.run === run) === i);
  const halves = runs.filter(({ run }) => run.status !== 'complete');
  const doubts = runs.map((side) =>
    endsDoubt(side === base ? ends.base : ends.new, nameOfSide(side, { base, new: other })),
  );
  return [
    ...(metrics.length === 0 ? ['there was no figure to compare'] : []),
    ...(short > 0 ? [`${of(short, metrics.length)} could not be decided with so few boots`] : []),
    ...(lacking > 0 ? [`${of(lacking, metrics.length)} ${lacking === 1 ? 'has' : 'have'} no figure in some boot`] : []),
    ...(lost > 0 ? [`${lost} verdict${lost === 1 ? '' : 's'} of base could not be had of new`] : []),
    ...doubts.filter((doubt) => doubt !== null),
    ...halves.map((side) => `${nameOfSide(side, { base, new: other })} is ${halfWords[side.run.status]}`),
  ];
}

const halfWords: Readonly<Record<RunStatus, string>> = {
  complete: 'whole',
  incomplete: 'a run of which something is missing',
  aborted: 'a run that somebody stopped',
};

function of(part: number, all: number): string {
  return `${part} of ${all} metric${all === 1 ? '' : 's'}`;
}

function nameOfSide(side: Side, { base, new: other }: Pick<Sides, 'base' | 'new'>): string {
  if (base.run === other.run) return 'the run';
  return side === base ? 'base' : 'new';
}

function designNotes({ kind, atOnce, left }: Design): string[] {
  const notes: string[] = [];
  if (kind === 'same-layout')
    notes.push(
      'Instructions were counted, not time: a count is exact in its layout, and what varies from layout to layout is in the intervals.',
    );
  if (kind === 'separate')
    notes.push(
      'The runs were not measured in turn: whatever changed on the host between them is in every ratio, and no test can tell it from a change of the kernel.',
    );
  if (atOnce) notes.push('Boots of both runs were measured at the same time, and may have disturbed one another.');
  const lists = Object.entries(kind === 'same-boot' ? { 'the run': left.new } : left);
  for (const [name, boots] of lists) {
    if (boots.length > 0)
      notes.push(`Not compared of ${name}: boot${boots.length === 1 ? '' : 's'} ${boots.join(', ')}.`);
  }
  return notes;
}

/** Cells that only one of two runs has. */
function cellNotes({ kind, base, new: other }: Sides): string[] {
  if (kind === 'mechanisms') return [];
  const names = (side: Side) => [...new Set(side.run.manifest.plan.cells.map(nameOf))];
  const only = (here: string[], there: string[], name: string) => {
    const own = here.filter((each) => !there.includes(each));
    const shown = own.slice(0, 5).join(', ');
    const rest = own.length > 5 ? ` and ${own.length - 5} more` : '';
    return own.length === 0 ? [] : [`Only in ${name}, and not compared: ${shown}${rest}.`];
  };
  return [...only(names(base), names(other), 'base'), ...only(names(other), names(base), 'new')];
}

/** 1 something got worse, 4 it is not known whether anything did, 0 else. */
export function exitCodeOf({ overall }: Comparison): 0 | 1 | 4 {
  if (overall === 'regressed') return 1;
  return overall === 'underpowered' ? 4 : 0;
}
