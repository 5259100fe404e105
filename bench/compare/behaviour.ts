// SPDX-License-Identifier: MIT
/** How two sides fail: which errors, which verdicts, which guests. What is counted here is told as it was seen. */
import type { Verdict } from '../judge/verdict.ts';
import type { Dimensions, Metric } from '../measure/metric.ts';
import type { Block, Design } from './design.ts';
import { type ComparedEnds, compareEnds } from './ends.ts';
import { type Sides, sharedDimensions } from './side.ts';
import { mean } from './statistics/values.ts';

/** The errors of one slice on both sides: the mean over boots of the share of its requests that failed with each errno. */
export interface ErrnoMix {
  readonly dimensions: Dimensions;
  readonly base: Readonly<Record<string, number>>;
  readonly new: Readonly<Record<string, number>>;
  /** Errnos of new that base never had, and the other way round. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

/** A verdict that is not what it was. */
export interface Flip {
  readonly oracle: string;
  readonly dimensions: Dimensions;
  readonly base: Pick<Verdict, 'property' | 'expected' | 'verdict' | 'evidence'>;
  readonly new: Pick<Verdict, 'property' | 'expected' | 'verdict' | 'evidence'>;
  /**
   * 'worse': it fails and did not, whether it passed or was not known. 'better': it failed and passes. 'lost': it was known and is not.
   * 'other': it passes or fails as it did, of another property; or it was not known and passes.
   */
  readonly kind: 'worse' | 'better' | 'lost' | 'other';
}

export interface Behaviour {
  readonly errnos: readonly ErrnoMix[];
  readonly flips: readonly Flip[];
  readonly ends: ComparedEnds;
}

/** `isChosen` says which scenarios and mechanisms are asked for. */
export function compareBehaviour(
  sides: Sides,
  design: Design,
  isChosen: (dimensions: Dimensions) => boolean,
): Behaviour {
  return {
    errnos: errnoMixes(sides, design).filter(({ dimensions }) => isChosen(dimensions)),
    flips: flipsOf(sides).filter(({ dimensions }) => isChosen(dimensions)),
    ends: compareEnds(sides.base.boots, sides.new.boots),
  };
}

/** Slices that both sides measured and in which requests failed on either. */
function errnoMixes(sides: Sides, { blocks }: Design): ErrnoMix[] {
  const mixes = new Map<
    string,
    { dimensions: Dimensions; base: Record<string, number>; new: Record<string, number> }
  >();
  const measured = { base: new Set<string>(), new: new Set<string>() };
  for (const side of ['base', 'new'] as const) {
    const boots = blocks.flatMap((block: Block) => block[side]);
    for (const metric of sides[side].metrics.filter(({ name }) => name === 'upcall.error_share')) {
      const { errno, outcome: _, ...dimensions } = sharedDimensions(sides.kind, metric.dimensions);
      const share = meanOf(metric, boots);
      const key = keyOf(dimensions);
      if (errno === 'all' && share !== null) measured[side].add(key);
      if (errno === 'all' || share === null || share === 0) continue;
      const mix = mixes.get(key) ?? { dimensions, base: {}, new: {} };
      mixes.set(key, mix);
      mix[side][String(errno)] = share;
    }
  }
  const inBoth = [...mixes].filter(([key]) => measured.base.has(key) && measured.new.has(key));
  return inBoth.map(([, mix]) => ({
    ...mix,
    appeared: Object.keys(mix.new).filter((errno) => mix.base[errno] === undefined),
    gone: Object.keys(mix.base).filter((errno) => mix.new[errno] === undefined),
  }));
}

function meanOf({ samples }: Metric, boots: readonly number[]): number | null {
  const values = samples.flatMap(({ boot, value }) => (value !== null && boots.includes(boot) ? [value] : []));
  return values.length === 0 ? null : mean(values);
}

/** Verdicts of both sides about the same; one that only one side has is no flip. */
function flipsOf({ kind, base, new: other }: Sides): Flip[] {
  const key = ({ oracle, dimensions }: Verdict) => `${oracle}\n${keyOf(sharedDimensions(kind, dimensions))}`;
  const others = new Map(other.verdicts.map((verdict) => [key(verdict), verdict]));
  return base.verdicts.flatMap((verdict): Flip[] => {
    const twin = others.get(key(verdict));
    if (twin === undefined || (twin.property === verdict.property && twin.verdict === verdict.verdict)) return [];
    const { oracle, dimensions } = verdict;
    const shared = sharedDimensions(kind, dimensions);
    return [{ oracle, dimensions: shared, base: essence(verdict), new: essence(twin), kind: kindOf(verdict, twin) }];
  });
}

function kindOf({ verdict: was }: Verdict, { verdict: is }: Verdict): Flip['kind'] {
  if (is === 'fail' && was !== 'fail') return 'worse';
  if (was === 'fail' && is === 'pass') return 'better';
  return is === 'unknown' && was !== 'unknown' ? 'lost' : 'other';
}

function essence({ property, expected, verdict, evidence }: Verdict): Flip['base'] {
  return { property, expected, verdict, evidence };
}

function keyOf(dimensions: Dimensions): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
