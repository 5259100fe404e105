// SPDX-License-Identifier: MIT
/** How many alerts `nightly` raises in a year in which nothing is wrong. */
import { defaultDeltas, placedDelta } from '../../compare/judged.ts';
import { answer } from '../../compare/statistics/judgement.ts';
import { resolution } from '../../measure/ranking.ts';
import { randomOf } from '../../plan/random.ts';
import { budgetNights } from '../../trend/rules.ts';
import { watch } from '../../trend/statistics/monitor.ts';
import { type Look, openAfter, tell } from '../alerts.ts';
import { nightlyAlpha, nightlyTrend } from '../rules.ts';
import { drawNights, type InventedNight, type World } from './world.ts';

export interface Calibration {
  readonly years: number;
  /** Alerts raised a year, all of them false, by what raised them. */
  readonly comparison: number;
  readonly trend: number;
  /** Nights a year on which any was raised: what somebody is called for. */
  readonly events: number;
  /** Of any year. */
  readonly mostEvents: number;
  /** Of years, those with four such nights or more. */
  readonly fourOrMore: number;
  /** Nights a year in which a comparison tells any metric from the baseline, better or worse, however little: what α bounds. */
  readonly told: number;
}

/** Pure: the same seed gives the same figures. */
export function calibrate(world: World, years: number, seed: number): Calibration {
  const random = randomOf(seed);
  const all = Array.from({ length: years }, () => yearOf(drawNights(world, budgetNights, random)));
  const mean = (of: (year: Year) => number) => all.reduce((sum, year) => sum + of(year), 0) / years;
  return {
    years,
    comparison: mean((year) => year.comparison),
    trend: mean((year) => year.trend),
    events: mean((year) => year.events),
    mostEvents: Math.max(...all.map((year) => year.events)),
    fourOrMore: mean((year) => (year.events >= 4 ? 1 : 0)),
    told: mean((year) => year.told),
  };
}

type Year = Pick<Calibration, 'comparison' | 'trend' | 'events' | 'told'>;

function yearOf(nights: readonly InventedNight[]): Year {
  const worse = trendAlarms(nights);
  const delta = placedDelta({ scale: 'ratio' }, defaultDeltas);
  let [told, comparison, trend, events] = [0, 0, 0, 0];
  let open = openAfter(tell([], [], ''));
  for (const [night, { compared }] of nights.entries()) {
    const questions = compared.map((values) => ({ values, better: 'lower' as const, delta }));
    const { answers } = answer(questions, nightlyAlpha);
    if (answers.some(({ chance }) => chance <= nightlyAlpha)) told++;
    const looks = answers.map(({ outcome }, metric): Look => {
      const standing = outcome === 'regressed' ? 'bad' : outcome === 'underpowered' ? 'unknown' : 'good';
      return { id: `metric ${metric}`, kind: 'metric', what: outcome, standing };
    });
    const now = tell(open, looks, String(night));
    open = openAfter(now);
    const changes = worse.get(night) ?? 0;
    comparison += now.raised.length;
    trend += changes;
    if (now.raised.length + changes > 0) events++;
  }
  return { comparison, trend, events, told };
}

/** Nights on which metrics are found to have become worse, and how many. */
function trendAlarms(nights: readonly InventedNight[]): Map<number, number> {
  const found = new Map<number, number>();
  const metrics = nights[0]?.figures.length ?? 0;
  const rate = nightlyTrend.budget / (budgetNights * metrics);
  for (let metric = 0; metric < metrics; metric++) {
    const values = nights.map(({ figures }) => figures[metric] ?? null);
    const delta = placedDelta({ scale: 'ratio' }, nightlyTrend.deltas);
    for (const { at, shift } of watch({ values, resets: new Set(), rate: () => rate, delta, resolution }).alarms)
      if (shift > 0) found.set(at, (found.get(at) ?? 0) + 1);
  }
  return found;
}
