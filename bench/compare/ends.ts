// SPDX-License-Identifier: MIT
/** What became of each side's boots, and whether guests of new fail where those of base did not. */
import type { BootView } from '../../results/boots.ts';
import type { FailureKind } from '../../vm/failure.ts';
import { count } from '../words.ts';
import { chanceOfSoMany } from './statistics/fisher.ts';

/** Boots of a side by what became of them: a failure kind, 'not-reached', 'aborted', …, or 'done'. */
export type Ends = Readonly<Record<string, number>>;

export interface ComparedEnds {
  readonly base: Ends;
  readonly new: Ends;
  /** Failures of the guest itself that new has and base has not. */
  readonly appeared: readonly string[];
  /** That, were it chance alone which boots a guest fails in, as many of them would be new's or more. */
  readonly chance: number;
}

/** What is done by the kernel, or for want of its memory. Other failures may be of the host or of the way to the guest. */
export const ofGuest: readonly string[] = [
  'boot-failure',
  'guest-panic',
  'oops',
  'hang',
  'out-of-memory',
] satisfies FailureKind[];

type Ended = Pick<BootView, 'finished' | 'reason'>;

export function compareEnds(base: readonly Ended[], other: readonly Ended[]): ComparedEnds {
  const [one, two] = [endsOf(base), endsOf(other)];
  return {
    base: one,
    new: two,
    appeared: ofGuest.filter((kind) => two[kind] !== undefined && one[kind] === undefined),
    chance: chanceOfSoMany({ all: begun(one), those: failed(one) }, { all: begun(two), those: failed(two) }),
  };
}

export interface WorseEnd {
  /** A kind of failure, or `more often`: all kinds together. */
  readonly kind: string;
  /** Part of a sentence. */
  readonly what: string;
}

/** How guests of new are worse than those of base; empty if nothing says that they are. */
export function worseEnds({ base, new: other, appeared, chance }: ComparedEnds, alpha: number): WorseEnd[] {
  const often = `guests fail more often (${failed(other)} of ${count(begun(other), 'boot')}, ${failed(base)} of ${begun(base)})`;
  return [
    ...appeared.map((kind) => ({ kind, what: `${count(other[kind] ?? 0, 'boot')} with ${kind}, which base has not` })),
    ...(chance <= alpha ? [{ kind: moreOften, what: often }] : []),
  ];
}

export const moreOften = 'more often';

/** `2 of 6 boots of new did not come to their end (2 hang)`; null if all did. */
export function endsDoubt(ends: Ends, name: string): string | null {
  const { done = 0, ...others } = ends;
  const lacking = sum(others);
  if (lacking === 0) return null;
  const its = lacking === 1 ? 'its' : 'their';
  return `${lacking} of ${count(lacking + done, 'boot')} of ${name} did not come to ${its} end (${endsText(others)})`;
}

/** `5 done, 1 hang`. */
export function endsText(ends: Ends): string {
  return Object.entries(ends)
    .map(([end, n]) => `${n} ${end}`)
    .join(', ');
}

function endsOf(boots: readonly Ended[]): Ends {
  const ends: Record<string, number> = {};
  for (const { finished, reason } of boots) {
    const end = finished ? 'done' : reason;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

function begun({ 'not-reached': _, ...ends }: Ends): number {
  return sum(ends);
}

function failed(ends: Ends): number {
  return ofGuest.reduce((all, kind) => all + (ends[kind] ?? 0), 0);
}

function sum(ends: Ends): number {
  return Object.values(ends).reduce((all, n) => all + n, 0);
}
