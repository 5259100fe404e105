// SPDX-License-Identifier: MIT
/** The figures of two sides that are of the same, and what the statistics make of them. */
import { noneOk } from '../measure/counted-names.ts';
import { median } from '../measure/median.ts';
import type { Dimensions, Interval, Metric, Unit } from '../measure/metric.ts';
import { requestShift } from '../measure/request-shift.ts';
import type { Design } from './design.ts';
import {
  comparedAs,
  type Deltas,
  isControl,
  type JudgedMetric,
  placedDelta,
  placeOn,
  type Scale,
  told,
} from './judged.ts';
import { type Match, matched } from './matched.ts';
import type { Sides } from './side.ts';
import { type Answer, type Answers, answer, type Outcome, type Question, shiftIn } from './statistics/judgement.ts';
import { mean, type Values } from './statistics/values.ts';

/** One metric of both sides, told: ratios as ratios. */
export interface Compared {
  readonly name: string;
  readonly unit: Unit;
  readonly dimensions: Dimensions;
  readonly scale: Scale;
  readonly better: JudgedMetric['better'];
  /**
   * Medians over the boots that are compared; null if any of them has none. Where requests are held against one another, base's is of the means of a boot's
   * requests, and new's is what that becomes by `value`: it was not measured.
   */
  readonly base: number | null;
  readonly new: number | null;
  /** New over base, or new less base. Null, like all that follows from it, where `reason` says why. */
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Of a difference like this without any, corrected for all metrics. */
  readonly chance: number | null;
  readonly outcome: Outcome;
  /** A ratio above 1, or a difference above 0, that would have been found; null: none would. */
  readonly detectable: number | null;
  readonly bootsNeeded: number | null;
  readonly reason: string | null;
}

/** A floor: what should not differ if the host and the kernel do not. It is no part of any correction. */
export type Control = Pick<Compared, 'name' | 'unit' | 'dimensions' | 'base' | 'new' | 'value' | 'interval'>;

export interface Figures {
  readonly metrics: readonly Compared[];
  /** Judged metrics that no boot of either side has: nothing is said of them. */
  readonly nowhere: readonly Pick<Compared, 'name' | 'unit' | 'dimensions'>[];
  readonly controls: readonly Control[];
  readonly relabellings: Answers['relabellings'] | null;
}

/** The chance of a false alarm of all metrics together, and what does not matter. */
export interface ComparisonRules {
  readonly alpha: number;
  readonly deltas: Deltas;
}

export interface Choice extends ComparisonRules {
  /** Of judged metrics and of cells; undefined: all. */
  readonly metrics?: readonly string[] | undefined;
  readonly scenarios?: readonly string[] | undefined;
  readonly mechanisms?: readonly string[] | undefined;
}

export function compareFigures(sides: Sides, design: Design, choice: Choice): Figures {
  const matches = matched(sides);
  const judged = matches.flatMap((match) => {
    const how = comparedAs(match.base);
    return how === null || !isChosen(match, choice) ? [] : [{ match, how, placed: place(match, how, design) }];
  });
  // What neither side has in any boot was not there to be measured, a p99 of forty requests, say.
  const isNowhere = ({ placed }: (typeof judged)[number]) => 'reason' in placed && placed.nowhere;
  const there = judged.filter((each) => !isNowhere(each));
  const nowhere = judged
    .filter(isNowhere)
    .map(({ match: { base, unit, dimensions } }) => ({ name: base.name, unit, dimensions }));
  const tested = there.flatMap(({ match, how, placed }) => ('reason' in placed ? [] : [{ match, how, ...placed }]));
  const questions = tested.map(
    ({ how, values, uncertainty }): Question => ({
      values,
      better: how.better,
      delta: placedDelta(how, choice.deltas),
      resolution: (how.resolution ?? 0) + uncertainty,
    }),
  );
  const result = questions.length === 0 ? null : answer(questions, choice.alpha);
  const metrics = there.map(({ match, how, placed }): Compared => {
    const { base, unit, dimensions } = match;
    const common = { name: base.name, unit, dimensions, scale: how.scale, better: how.better };
    const found = result?.answers[tested.findIndex((each) => each.match === match)];
    const middles = middlesOf(match, how, design, found);
    if ('reason' in placed || found === undefined) {
      const reason = 'reason' in placed ? placed.reason : 'not-tested';
      const nothing = { value: null, interval: null, chance: null, detectable: null, bootsNeeded: null };
      return { ...common, ...middles, ...nothing, outcome: 'underpowered', reason };
    }
    const { estimate, interval, chance, outcome, detectable, bootsNeeded } = found;
    return {
      ...common,
      ...middles,
      value: told(how.scale, estimate),
      interval: toldInterval(how.scale, interval),
      chance,
      outcome,
      detectable: detectable === null ? null : told(how.scale, detectable),
      bootsNeeded,
      reason: null,
    };
  });
  return { metrics, nowhere, controls: controlsOf(matches, design), relabellings: result?.relabellings ?? null };
}

/** Floors of two runs, told and not tested; in the same boot they are the same. */
function controlsOf(matches: readonly Match[], design: Design): Control[] {
  if (design.kind === 'same-boot') return [];
  const how: JudgedMetric = { better: 'lower', scale: 'ratio' };
  return matches
    .filter(({ base }) => isControl(base))
    .flatMap((match) => {
      const placed = place(match, how, design);
      if ('reason' in placed) return [];
      const found = shiftIn(placed.values);
      return [
        {
          name: match.base.name,
          unit: match.unit,
          dimensions: match.dimensions,
          base: middle(match.base, design, 'base'),
          new: middle(match.new, design, 'new'),
          value: told('ratio', found.estimate),
          interval: toldInterval('ratio', found.interval),
        },
      ];
    });
}

function isChosen({ base, dimensions }: Match, choice: Choice): boolean {
  return (choice.metrics === undefined || choice.metrics.includes(base.name)) && isCellChosen(dimensions, choice);
}

/** Whether what has these dimensions is of a cell that was asked for. */
export function isCellChosen(dimensions: Dimensions, { scenarios, mechanisms }: Choice): boolean {
  return (
    (scenarios === undefined || scenarios.includes(String(dimensions.scenario))) &&
    (mechanisms === undefined || mechanisms.includes(String(dimensions.mechanism)))
  );
}

type Placed =
  | { readonly values: Values; readonly uncertainty: number }
  | {
      readonly reason: string;
      /** No boot of either side has it, and none was to be expected to. */
      readonly nowhere: boolean;
    };

/** A figure for each boot that is compared, or why there is none: boots without one are not left out, for what they lack may be what is worst. */
function place(
  { base, new: other }: Match,
  { scale, requestByRequest }: JudgedMetric,
  { kind, blocks }: Design,
): Placed {
  const lacking: { readonly reason: string; readonly side: string }[] = [];
  let found = 0;
  const uncertainties: Record<'base' | 'new', number[]> = { base: [], new: [] };
  const placesOf = (metric: Metric, side: 'base' | 'new', boots: readonly number[]): number[] =>
    boots.flatMap((boot) => {
      const sample = metric.samples.find((each) => each.boot === boot);
      const value = sample?.value ?? null;
      if (value !== null) found++;
      const placed = value === null ? { reason: sample?.reason ?? 'not-measured' } : placeOn(scale, value);
      if ('place' in placed && value !== null) {
        const doubt = sample?.uncertainty ?? 0;
        uncertainties[side].push(scale === 'ratio' ? Math.log1p(doubt / value) : doubt);
        return [placed.place];
      }
      lacking.push({ reason: 'reason' in placed ? placed.reason : '', side });
      return [];
    });
  const places = blocks.map((block) => ({
    base: placesOf(base, 'base', block.base),
    new: placesOf(other, 'new', block.new),
  }));
  if (lacking.length > 0) {
    // Where requests say what quantiles would, those are left out: if nobody has reported the requests, nobody has said it.
    const missed = requestByRequest === true && lacking.some(({ reason }) => reason !== noneOk);
    return {
      reason: counted(lacking.map(({ reason, side }) => `${reason} in ${side}`)),
      nowhere: found === 0 && !missed,
    };
  }
  const uncertainty = median(uncertainties.base) + median(uncertainties.new);
  if (requestByRequest === true)
    return {
      values: { kind: 'paired', differences: blocks.map((block) => requestDifference({ base, new: other }, block)) },
      uncertainty: 0,
    };
  const [only] = places;
  if (kind === 'separate' && only !== undefined)
    return { values: { kind: 'separate', base: only.base, new: only.new }, uncertainty };
  return {
    values: { kind: 'paired', differences: places.map((each) => mean(each.new) - mean(each.base)) },
    uncertainty,
  };
}

/** By how much a request takes more in a block, of what it takes there: the logarithm of a ratio, the same both ways round. */
function requestDifference(of: Pick<Match, 'base' | 'new'>, block: Design['blocks'][number]): number {
  const samples = (side: 'base' | 'new') => of[side].samples.filter(({ boot }) => block[side].includes(boot));
  const [base, other] = [samples('base'), samples('new')];
  const requests = (of: typeof base) => of.flatMap((each) => [...(each.requests ?? [])]).sort((a, b) => a - b);
  const half = requestShift(requests(base), requests(other)) / 2;
  const usual = mean([...base, ...other].map(({ value }) => value ?? 0));
  return Math.log(Math.max(usual + half, 1) / Math.max(usual - half, 1));
}

/** `missed-starts in new (3 boots)`, the most frequent first. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, n]) => `${reason} (${n} boot${n === 1 ? '' : 's'})`)
    .join(', ');
}

/** Where requests are held against one another, new's figure is what base's becomes by their difference: the one measured is moved by a few dear ones. */
function middlesOf(match: Match, how: JudgedMetric, design: Design, found: Pick<Answer, 'estimate'> | undefined) {
  const base = middle(match.base, design, 'base');
  const other = middle(match.new, design, 'new');
  if (how.requestByRequest !== true || base === null || found === undefined) return { base, new: other };
  return { base, new: base * told(how.scale, found.estimate) };
}

function middle(metric: Metric, { blocks }: Design, side: 'base' | 'new'): number | null {
  const boots = blocks.flatMap((block) => block[side]);
  const values = metric.samples.flatMap(({ boot, value }) =>
    value !== null && Number.isFinite(value) && boots.includes(boot) ? [value] : [],
  );
  return values.length === 0 || values.length < boots.length ? null : median(values);
}

function toldInterval(scale: Scale, interval: Interval | null): Interval | null {
  return interval === null ? null : { ...interval, low: told(scale, interval.low), high: told(scale, interval.high) };
}
