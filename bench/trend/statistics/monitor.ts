// SPDX-License-Identifier: MIT
/**
 * Watches one series, night by night. What is said of a night rests on it and the nights before, and is never taken back: the same
 * history, and every longer one that begins with it, gives the same alarms.
 *
 * Each night asks of each of the last nights: did a step begin there? The answer is the likelihood ratio of a step against none, in a series in which a night
 * resembles the one before (first-order autoregression), over what that varies by, the reference's own error included. What the reference is not
 * sure of, its scatter and its likeness, makes the answer smaller: as a value of Student's t with fewer degrees of freedom would be.
 */
import { median } from '../../measure/median.ts';
import { bestSplit } from './energy.ts';
import { Nights, type Reference, within } from './reference.ts';
import { thresholdOf, type Windows } from './threshold.ts';

/** Nights that a series is learned from before it is watched. */
export const leastNights = 10;
/** Nights that are remembered: half a year, so that what slowly became usual is usual. */
const remembered = 180;
/**
 * Most of what false alarms there may be goes to the short windows, since a large step should be known soon; the long ones find the small steps. One and two nights
 * decide nothing.
 */
const groups: readonly (Windows & { readonly share: number })[] = [
  { from: 3, to: 5, share: 0.7 },
  { from: 6, to: 30, share: 0.3 },
];
/** A restless series, of which nights are disturbed now and then, is asked over so many nights at least. */
const leastOfRestless = 8;
/**
 * Nights in a row that are apart from all that are remembered are a step if they deviate by only so much: so many in a row, and more the more they resemble one
 * another; of so many that are remembered at least.
 */
const [apartFor, apartFrom, enoughWhenApart] = [7, 20, 3];
const longest = Math.max(...groups.map(({ to }) => to));
/** Nights before and after a change among which its place is looked for. */
const neighbourhood = 60;

/**
 * How sure a reference is, found by simulation (`npm run calibrate:trend`): the degrees of freedom of a scatter that distant nights are cut off for, of those of
 * a plain one; and by how much of its error the likeness counts, the more of it there is.
 */
const freedomShare = 0.7;
const likenessDoubt = (likeness: number) => 0.25 + 2 * likeness;

export interface Alarm {
  /** The night on which it was raised. */
  readonly at: number;
  /** The first night of the changed series. */
  readonly from: number;
  /** The median from there on less the middle before. */
  readonly shift: number;
  readonly before: number;
  /** Nights that the middle before rests on. */
  readonly nights: number;
}

export interface Watch {
  /** Null where the night has no figure, and likewise for the other two: as if it had not been. */
  readonly values: readonly (number | null)[];
  /** Nights from which everything begins anew. */
  readonly resets: ReadonlySet<number>;
  /** False alarms that each night may raise in this series, as a share of nights. */
  readonly rate: (night: number) => number;
  /** A step of less than this does not matter. */
  readonly delta: number;
  /** What the figures cannot tell apart; above 0. */
  readonly resolution: number;
}

export interface Watched {
  readonly alarms: readonly Alarm[];
  /** Of the last level: its reference as of the last night; null while it is being learned. */
  readonly reference: Reference | null;
  /** Nights with a figure since the last change or reset. */
  readonly nights: number;
}

/** A step that may have begun on a night, as far as it has been followed. */
interface Candidate {
  readonly reference: Reference;
  sum: number;
  before: number;
  length: number;
  /** Of the nights since. */
  least: number;
  greatest: number;
}

const noNight = { length: 0, least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };

export function watch({ values, resets, rate, delta, resolution }: Watch): Watched {
  const alarms: Alarm[] = [];
  const known = new Nights(remembered);
  let candidates: Candidate[] = [];
  let level: { readonly night: number; readonly value: number }[] = [];
  const begin = (nights: typeof level) => {
    known.clear();
    candidates = [];
    level = nights;
    for (const { value } of nights) known.add(value);
  };
  for (const [night, value] of values.entries()) {
    if (resets.has(night)) begin([]);
    if (value === null || !Number.isFinite(value)) continue;
    if (known.count >= leastNights) {
      const reference = known.reference(resolution);
      candidates.push({ reference, sum: 0, before: offOf(known.last, reference), ...noNight });
      if (candidates.length > longest) candidates.shift();
    }
    level.push({ night, value });
    known.add(value);
    const found = follow(candidates, value, thresholdsOf(rate(night)));
    if (found === null || !matters(level, found, delta)) continue;
    const recent = level.slice(-neighbourhood - found.length);
    const split = place(
      recent.map((each) => each.value),
      found.length,
    );
    const changed = recent.slice(split);
    const before = found.reference.middle;
    const shift = median(changed.map((each) => each.value)) - before;
    if (Math.abs(shift) < delta || shift > 0 !== found.sum > 0) continue;
    const from = changed[0]?.night ?? night;
    alarms.push({ at: night, from, shift, before, nights: found.reference.nights });
    begin(changed);
  }
  const reference = known.count >= leastNights ? known.reference(resolution) : null;
  return { alarms, reference, nights: level.length };
}

/** Whether the nights that speak for a step lie far enough from the middle before. */
function matters(
  level: readonly { readonly value: number }[],
  { length, reference }: Candidate,
  delta: number,
): boolean {
  const shift = median(level.slice(-length).map(({ value }) => value)) - reference.middle;
  return Math.abs(shift) >= delta;
}

/** Takes the night into every candidate. The one that oversteps its threshold farthest, if any does. */
function follow(candidates: readonly Candidate[], value: number, thresholds: readonly number[]): Candidate | null {
  let best: Candidate | null = null;
  let farthestOver = 0;
  for (const candidate of candidates) {
    const { reference } = candidate;
    const { likeness } = reference;
    const off = offOf(value, reference);
    candidate.sum += (candidate.length === 0 ? 1 : 1 - likeness) * (off - likeness * candidate.before);
    candidate.before = off;
    candidate.length++;
    candidate.least = Math.min(candidate.least, value);
    candidate.greatest = Math.max(candidate.greatest, value);
    const threshold = thresholds[candidate.length];
    if (threshold === undefined || (reference.restless && candidate.length < leastOfRestless)) continue;
    const deviation = deviationOf(candidate);
    const needed = isApart(candidate) ? enoughWhenApart : threshold;
    if (deviation <= needed) continue;
    const over = asNormal(deviation, freedomOf(candidate)) - needed;
    if (over > farthestOver) [best, farthestOver] = [candidate, over];
  }
  return best;
}

/**
 * So many nights in a row all above, or all below, every night that is remembered. That such a step is one rests on no scatter and no likeness, of which few nights
 * tell little: by chance so many of that many nights would not come last.
 */
function isApart({ length, least, greatest, reference }: Candidate): boolean {
  return (
    length * (1 - reference.likeness) >= apartFor &&
    reference.nights >= apartFrom &&
    (least > reference.greatest || greatest < reference.least)
  );
}

/** In scatters. */
function offOf(value: number, { middle, scatter, farthest }: Reference): number {
  return within((value - middle) / scatter, -farthest, farthest);
}

/** The sum over what it varies by: of the nights since the step would have begun, and of the middle that they are held against. */
function deviationOf({ sum, length, reference: { likeness, nights } }: Candidate): number {
  const later = 1 - likeness;
  const weight = 1 + (length - 1) * later;
  const squares = 1 + (length - 1) * later * later;
  return Math.abs(sum) / Math.sqrt((1 - likeness * likeness) * (squares + (weight * weight) / nights));
}

function freedomOf({ length, reference: { likeness, nights } }: Candidate): number {
  const spread = 1 - likeness * likeness;
  const steepness = (length - 1) / length / spread;
  const doubt = 2 * steepness * steepness * (spread / nights) * likenessDoubt(likeness);
  return 1 / (1 / ((nights - 2) * freedomShare) + doubt);
}

/** Within so many nights `detectable` asks. */
export function nightsToDetect({ restless }: Reference): number {
  return restless ? leastOfRestless : Math.max(...groups.filter(({ share }) => share > 0.5).map(({ to }) => to));
}

/** The step that would be found within `nightsToDetect` nights in 80 of 100 cases, at so many false alarms a night. */
export function detectable(reference: Reference, rate: number): number {
  const length = nightsToDetect(reference);
  const candidate = { ...noNight, reference, length, sum: 1, before: 0 };
  const threshold = thresholdsOf(rate)[length] ?? Number.NaN;
  const freedom = freedomOf(candidate);
  // A step of one scatter moves the deviation by so much a night: the first tells of all of it, the later ones of what is new.
  const later = 1 - reference.likeness;
  const weight = 1 + (length - 1) * later * later;
  const perScatter = weight * deviationOf(candidate);
  let [low, high] = [0, 1000];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (asNormal(middle, freedom) < threshold) low = middle;
    else high = middle;
  }
  return ((high + quantileOfPower) / perScatter) * reference.scatter;
}

/** The normal value below which 80% lie. */
const quantileOfPower = 0.8416;

/** The normal value that is as rare as this value of Student's t (Wallace, Annals of Mathematical Statistics 30, 1959). */
export function asNormal(t: number, freedom: number): number {
  return (Math.sqrt(freedom * Math.log1p((t * t) / freedom)) * (8 * freedom + 1)) / (8 * freedom + 3);
}

/** Where in the values the step began that was seen in the last `length`: at least two of them are after it. */
function place(values: readonly number[], length: number): number {
  const index = bestSplit(values, 2)?.index ?? values.length - length;
  // A place before everything that can speak for a step would be that of another one.
  return within(index, values.length - longest, values.length - 2);
}

const thresholdCache = new Map<number, readonly number[]>();

/** For each length of a window; undefined for those that decide nothing. */
function thresholdsOf(rate: number): readonly number[] {
  const cached = thresholdCache.get(rate);
  if (cached !== undefined) return cached;
  const thresholds: number[] = [];
  for (const group of groups) {
    const threshold = thresholdOf(rate * group.share, group);
    for (let length = group.from; length <= group.to; length++) thresholds[length] = threshold;
  }
  thresholdCache.set(rate, thresholds);
  return thresholds;
}
