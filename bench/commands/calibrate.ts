// SPDX-License-Identifier: MIT
/** What comparisons on this host are worth: how often they alarm without reason, and which known differences they find. */
import { randomInt } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { longestDelayNs, type Plan } from '../../results/plan.ts';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { openProvider } from '../../vm/providers.ts';
import { analyse } from '../calibrate/analyse.ts';
import { type Certificate, certificateSchema } from '../calibrate/certificate.ts';
import { calibrateRepro } from '../calibrate/repro.ts';
import type { ComparisonRules } from '../compare/figures.ts';
import { type Side, sideOf } from '../compare/side.ts';
import { median } from '../measure/median.ts';
import { metricsOf } from '../measure/metrics.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import { randomOf } from '../plan/random.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { calibrateCounted, countedComparisons, standardAdditions } from './calibrate-counted.ts';
import { circumstancesOf, folderOf, keepAndShow } from './calibrating.ts';
import { addComparisonOptions, type ComparisonFlags, defaultRulesBy, rulesOf } from './comparison-options.ts';
import { type CommandContext, wholeNumber } from './context.ts';
import { addKernelOption } from './kernel-options.ts';
import { type AccessFlags, addAccessOptions } from './machine-options.ts';
import { type Contender, demandPlace, measuredInTurn } from './measured-in-turn.ts';
import { addClockOption, addWorkOptions, maxSeed, planOptionsOf, type WorkFlags } from './plan-options.ts';

export interface CalibrateFlags extends WorkFlags, ComparisonFlags, AccessFlags {
  readonly kernel?: string;
  readonly blocksEach: number;
  readonly comparisons?: number;
  readonly delays?: readonly number[];
  readonly additions?: readonly number[];
  readonly trials: number;
  readonly recorded?: string;
  readonly out?: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

/** Blocks to record: with two undelayed runs, eighty boots without a difference. */
const standardBoots = 40;
const quickBoots = 12;
const standardBlocksEach = 10;
const standardComparisons = 500;
const standardTrials = 50;
const standardDelays = [3, 10];
const mostDelays = 5;
const pilotName = 'pilot';

const examples = `
Examples:
  keystorm calibrate --mechanism keyagent-fd --scenario latency          160 boots and a pilot: most of an hour
  keystorm calibrate --mechanism keyagent-fd --scenario latency --boots 60 --delays 2,5,10
  keystorm calibrate --clock icount --mechanism keyagent-fd --scenario latency        instructions in place of time

Boots two guests that do not differ, and others whose agents are busy for 3% and 10% of a usual p50 before each answer, block by block in
turn; then compares what might have been: blocks drawn again and again, for each a coin that says which of the two is base. What comes out
is kept in results/calibrations, and put into the folder of each later run of this host, whose comparisons cite it.
With --clock icount: layouts in place of blocks; two builds of one source, arranged in two ways; and guests whose module executes 1% more
instructions in each upcall. Which side has them is drawn for each trial. Boots one after the other, three a layout, of which one is restored.
Exit codes: 0 a certificate was written; 2 usage; 3 a guest or the harness broke; 4 too few blocks came to their end.`;

export function declareCalibrate(command: Command, context: CommandContext): void {
  addKernelOption(command);
  addAccessOptions(addComparisonOptions(addClockOption(addWorkOptions(command, standardBoots, quickBoots))))
    .option(
      '--delays <percents>',
      `by the wall's clock: by how much agents are slowed down on purpose, in percent of the p50 of an upcall, separated by commas: differences that comparisons should find (default: ${standardDelays.join()})`,
      percents,
    )
    .option(
      '--additions <percents>',
      `known differences where instructions are counted, in hundredths of what a request takes (default: ${standardAdditions})`,
      percents,
    )
    .option('--trials <n>', 'blinded, of each addition', wholeNumber(1, 100_000), standardTrials)
    .option(
      '--recorded <dir>',
      'boot nothing: what an earlier calibration with --clock icount has recorded in --out <dir>',
    )
    .option('--blocks-each <n>', 'blocks in each comparison', wholeNumber(2, 999), standardBlocksEach)
    .option(
      '--comparisons <n>',
      `how many are drawn (default: ${standardComparisons}, with --clock icount ${countedComparisons})`,
      wholeNumber(1, 100_000),
    )
    .option('--out <dir>', 'folder of its runs and the certificate (default: new ones in results/runs)')
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print the keystorm/calibration/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: CalibrateFlags) => {
      const { clock, recorded } = flags;
      if (clock !== 'icount' && recorded !== undefined)
        throw new KeystormError('--recorded is of guests that count instructions: say --clock icount, too.');
      const counts = clock === 'icount' ? calibrateCounted : calibrate;
      context.finish(await counts(flags, context));
    });
}

/** A run of the calibration: how much its agents are delayed. */
interface Level {
  readonly name: string;
  /** 0: not at all. */
  readonly percent: number;
  readonly delayNs: number;
}

/** @throws KeystormError as the table of exit codes has it. */
async function calibrate(flags: CalibrateFlags, { output }: CommandContext): Promise<number> {
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
  const certificate = certified(levels, places, { options, pilotNs, createdAt, repro, rules, flags, comparisons });
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
  readonly createdAt: Date;
  readonly repro: string;
  readonly rules: ComparisonRules;
  readonly flags: CalibrateFlags;
  readonly comparisons: number;
}

/** @throws KeystormError (4) where too few blocks came to their end. */
function certified(
  levels: readonly Level[],
  places: Readonly<Record<string, string>>,
  { options, pilotNs, createdAt, repro, rules, flags, comparisons }: Circumstances,
): Certificate {
  const sides = levels.map(({ name }) => sideOf(readRun(places[name] as string)));
  const [one, two, ...others] = sides as [Side, Side, ...Side[]];
  const delayed = levels.slice(2).map(({ percent, delayNs }, i) => ({ percent, delayNs, side: others[i] as Side }));
  const { blocksEach } = flags;
  const analysed = analyse({ plain: [one, two], delayed }, { rules, blocksEach, comparisons, seed: options.seed });
  return certificateSchema.parse({
    ...circumstancesOf(one.run, { createdAt, repro, rules, seed: options.seed }),
    pilotNs,
    ...analysed,
  } satisfies Certificate);
}

/** For commander: percents with commas between them. */
function percents(text: string): number[] {
  const values = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const ok = values.every((value) => value > 0 && value <= 1_000) && new Set(values).size === values.length;
  if (ok && values.length <= mostDelays) return values;
  throw new InvalidArgumentError(
    `It must be up to ${mostDelays} different numbers above 0 and up to 1000, separated by commas.`,
  );
}
