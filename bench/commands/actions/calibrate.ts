// SPDX-License-Identifier: MIT
/** What comparisons on this host are worth: how often they alarm without reason, and which known differences they find. */
import { randomInt } from 'node:crypto';
import { longestDelayNs } from '../../../results/choices.ts';
import type { Plan } from '../../../results/plan.ts';
import { readRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { openProvider } from '../../../vm/providers.ts';
import { analyse } from '../../calibrate/analyse.ts';
import { type Certificate, certificateSchema } from '../../calibrate/certificate.ts';
import { quickBoots, standardBoots, standardComparisons, standardDelays } from '../../calibrate/defaults.ts';
import { calibrateRepro } from '../../calibrate/repro.ts';
import type { ComparisonRules } from '../../compare/figures.ts';
import { type Side, sideOf } from '../../compare/side.ts';
import { median } from '../../measure/median.ts';
import { metricsOf } from '../../measure/metrics.ts';
import { findMechanism } from '../../mechanisms/index.ts';
import { makePlan, type PlanOptions } from '../../plan/make-plan.ts';
import { randomOf } from '../../plan/random.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { defaultRulesBy, rulesOf } from '../comparison-options.ts';
import type { CommandContext } from '../context.ts';
import { maxSeed } from '../plan-options.ts';
import { calibrateCounted } from './calibrate-counted.ts';
import { type CalibrateFlags, circumstancesOf, folderOf, keepAndShow } from './calibrating.ts';
import { type Contender, demandPlace, measuredInTurn } from './measured-in-turn.ts';
import { planOptionsOf } from './plan-choice.ts';

const pilotName = 'pilot';

/** A run of the calibration: how much its agents are delayed. */
interface Level {
  readonly name: string;
  /** 0: not at all. */
  readonly percent: number;
  readonly delayNs: number;
}

/** @throws KeystormError as the table of exit codes has it; no option is ignored because of the clock. */
export async function calibrate(flags: CalibrateFlags, context: CommandContext): Promise<number> {
  const counted = flags.clock === 'icount';
  if (counted && flags.delays !== undefined)
    throw new KeystormError('--delays are of guests that measure time: say --additions, or leave out --clock icount.');
  const [alien] = (['recorded', 'additions', 'trials'] as const).filter((name) => flags[name] !== undefined);
  if (!counted && alien !== undefined)
    throw new KeystormError(`--${alien} is of guests that count instructions: say --clock icount, too.`);
  return counted ? calibrateCounted(flags, context) : calibrateTimed(flags, context);
}

/** @throws KeystormError as the table of exit codes has it. */
async function calibrateTimed(flags: CalibrateFlags, { output }: CommandContext): Promise<number> {
  const createdAt = new Date();
  const { delays = standardDelays, comparisons = standardComparisons } = flags;
  const work = { ...flags, seed: flags.seed ?? randomInt(maxSeed) };
  const boots = flags.boots ?? (flags.quick ? quickBoots : standardBoots);
  if (flags.blocksEach > boots)
    throw new KeystormError(`A comparison of ${flags.blocksEach} blocks cannot be drawn from ${boots}: record more.`);
  const rules = rulesOf(flags, defaultRulesBy(flags.clock));
  const options = planOptionsOf({ ...work, boots });
  const plan = makePlan(options);
  const repro = calibrateRepro(plan, options, rules, { ...flags, delays, comparisons });
  const folder = folderOf(flags, createdAt, work.seed);
  const names = [pilotName, ...levelsOf(delays, 1).map(({ name }) => name)];
  if (flags.out !== undefined) for (const name of names) demandPlace(folder(name));

  const provider = openProvider(plan.machine);
  const contender = (name: string, made: Plan): Contender => ({
    ...{ name, plan: made, provider },
    place: () => folder(name),
    manifest: (dir) => makeManifest(made, repro, dir, createdAt),
  });
  const pilotPlan = makePlan({ ...options, boots: 1 });
  const pilot = await measuredInTurn([contender(pilotName, pilotPlan)], [[pilotName]], flags, output);
  if (typeof pilot === 'number') return pilot;
  const pilotNs = p50Of(pilot[pilotName] as string);

  const levels = levelsOf(delays, pilotNs);
  const plans = levels.map(({ delayNs }) => makePlan(delayNs === 0 ? options : { ...options, agentDelayNs: delayNs }));
  const random = randomOf(work.seed);
  const order = plan.boots.map(() => random.shuffle(levels.map(({ name }) => name)));
  const contenders = levels.map(({ name }, i) => contender(name, plans[i] as Plan));
  const places = await measuredInTurn(contenders, order, flags, output);
  if (typeof places === 'number') return places;
  const certificate = certified(levels, places, { options, pilotNs, repro, rules, flags, comparisons });
  keepAndShow(certificate, flags, output);
  return 0;
}

/** Two that do not differ, and one for each delay. */
function levelsOf(percents: readonly number[], pilotNs: number): Level[] {
  const plain = ['plain-1', 'plain-2'].map((name) => ({ name, percent: 0, delayNs: 0 }));
  const delayed = percents.map((percent) => {
    const delayNs = Math.min(longestDelayNs, Math.max(1, Math.round((pilotNs * percent) / 100)));
    return { name: `delay-${percent}`, percent, delayNs };
  });
  return [...plain, ...delayed];
}

/** The p50 of upcalls, in ns. @throws KeystormError (4) for a run that has none. */
function p50Of(dir: string): number {
  const values = metricsOf(readRun(dir)).flatMap(({ name, dimensions, samples }) =>
    name === 'upcall.latency.p50' && findMechanism(String(dimensions.mechanism))?.floor !== true
      ? samples.flatMap(({ value }) => (value === null ? [] : [value]))
      : [],
  );
  if (values.length > 0) return median(values);
  throw new KeystormError(
    `The pilot ${dir} has no p50 of latency: choose a scenario that has one, such as latency.`,
    4,
  );
}

interface Circumstances {
  readonly options: PlanOptions;
  readonly pilotNs: number;
  readonly repro: string;
  readonly rules: ComparisonRules;
  readonly flags: CalibrateFlags;
  readonly comparisons: number;
}

/** @throws KeystormError (4) where too few blocks came to their end. */
function certified(
  levels: readonly Level[],
  places: Readonly<Record<string, string>>,
  { options, pilotNs, repro, rules, flags, comparisons }: Circumstances,
): Certificate {
  const sides = levels.map(({ name }) => sideOf(readRun(places[name] as string)));
  const [one, two, ...others] = sides as [Side, Side, ...Side[]];
  const delayed = levels.slice(2).map(({ percent, delayNs }, i) => ({ percent, delayNs, side: others[i] as Side }));
  const { blocksEach } = flags;
  const analysed = analyse({ plain: [one, two], delayed }, { rules, blocksEach, comparisons, seed: options.seed });
  return certificateSchema.parse({
    ...circumstancesOf(one.run, { repro, rules }),
    pilotNs,
    ...analysed,
  } satisfies Certificate);
}
