// SPDX-License-Identifier: MIT
/** What comparing guests that count instructions is worth: two builds of one source, and known numbers of instructions in the module's path. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mostPathInstructions } from '../../../results/choices.ts';
import type { Plan } from '../../../results/plan.ts';
import { readRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import type { MachineProvider } from '../../../vm/machine.ts';
import { openProvider } from '../../../vm/providers.ts';
import { type Certificate, certificateSchema } from '../../calibrate/certificate.ts';
import { analyseCounted, typicalValues } from '../../calibrate/counted.ts';
import { countedBoots, countedComparisons, standardAdditions, standardTrials } from '../../calibrate/defaults.ts';
import { demandOneLoad } from '../../calibrate/one-load.ts';
import { type CountedHow, countedRepro } from '../../calibrate/repro.ts';
import type { ComparisonRules } from '../../compare/figures.ts';
import { sideOf } from '../../compare/side.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { pathInstructionsOf, unplannedIn } from '../../plan/repro.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { defaultRulesBy, rulesOf } from '../comparison-options.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { Output } from '../output.ts';
import { type CalibrateFlags, circumstancesOf, folderOf, keepAndShow } from './calibrating.ts';
import { type Contender, demandPlace, measuredInTurn } from './measured-in-turn.ts';
import { planOptionsOf } from './plan-choice.ts';

/** Any will do that is not the usual one. */
const otherArrangement = 1;
const pilotName = 'pilot';
const plainNames = ['plain-1', 'plain-2'] as const;
const nameOf = (percent: number) => `longer-${percent}`;

/** @throws KeystormError as the table of exit codes has it. */
export async function calibrateCounted(flags: CalibrateFlags, { output }: CommandContext): Promise<number> {
  const { additions = standardAdditions, comparisons = countedComparisons, trials = standardTrials } = flags;
  const how = { additions, blocksEach: flags.blocksEach, comparisons, trials };
  const rules = rulesOf(flags, defaultRulesBy('icount'));
  const places =
    flags.recorded === undefined
      ? await recorded(flags, how, rules, output)
      : placesIn(userPath(flags.recorded), additions);
  if (typeof places === 'number') return places;

  const side = (name: string) => sideOf(readRun(places[name] as string));
  const plain = [side(plainNames[0]), side(plainNames[1])] as const;
  // Whatever was recorded is told as it was, not as this command would record it.
  const { run } = plain[0];
  const { plan, seed } = run.manifest;
  demandOneLoad(plan);
  const longer = additions.map((percent) => {
    const one = side(nameOf(percent));
    return { percent, side: one, instructions: pathInstructionsOf(one.run.manifest.plan) ?? 0 };
  });
  const analysed = analyseCounted({ plain, longer }, { ...how, rules, seed });
  const certificate = certificateSchema.parse({
    ...circumstancesOf(run, { repro: countedRepro(plan, unplannedIn(run.manifest), rules, how), rules }),
    pilotNs: typicalValues(plain[0]),
    ...analysed,
  } satisfies Certificate);
  keepAndShow(certificate, flags, output);
  return 0;
}

/** The folders of the runs by name, or the exit code of the signal that ended them. */
async function recorded(
  flags: CalibrateFlags,
  how: CountedHow,
  rules: ComparisonRules,
  output: Output,
): Promise<Readonly<Record<string, string>> | number> {
  const createdAt = new Date();
  const { additions, blocksEach } = how;
  const boots = flags.boots ?? countedBoots;
  if (blocksEach > boots)
    throw new KeystormError(`A comparison of ${blocksEach} layouts cannot be drawn from ${boots}: record more.`);
  const options = planOptionsOf({ ...flags, boots });
  const plan = makePlan(options);
  demandOneLoad(plan);
  const repro = countedRepro(plan, options, rules, how);
  const folder = folderOf(flags, createdAt, plan.seed);
  if (flags.out !== undefined)
    for (const name of [pilotName, ...plainNames, ...additions.map(nameOf)]) demandPlace(folder(name));
  const usual = openProvider(plan.machine, plan.clock);
  const contender = (name: string, made: Plan, provider: MachineProvider): Contender => ({
    ...{ name, plan: made, provider },
    place: () => folder(name),
    manifest: (dir) => makeManifest(made, repro, dir, createdAt),
  });
  const planWith = (more: object) => makePlan({ ...planOptionsOf({ ...flags, boots: plan.boots.length }), ...more });
  const pilot = await measuredInTurn(
    [contender(pilotName, planWith({ boots: 1 }), usual)],
    [[pilotName]],
    flags,
    output,
  );
  if (typeof pilot === 'number') return pilot;
  const perRequest = typicalValues(sideOf(readRun(pilot[pilotName] as string)));
  if (!Number.isFinite(perRequest))
    throw new KeystormError(
      `The pilot ${pilot[pilotName]} has no count of instructions of a request: choose a mechanism with agents, and a scenario such as latency.`,
      4,
    );
  // Who is restored from a snapshot comes next to who makes it.
  const contenders = [
    contender(plainNames[0], plan, usual),
    ...additions.map((percent) => {
      const pathInstructions = Math.min(mostPathInstructions, Math.max(1, Math.round((perRequest * percent) / 100)));
      return contender(nameOf(percent), planWith({ pathInstructions }), usual);
    }),
    contender(
      plainNames[1],
      planWith({ arrangement: otherArrangement }),
      openProvider(plan.machine, plan.clock, usual),
    ),
  ];
  const order = plan.boots.map(() => contenders.map(({ name }) => name));
  return measuredInTurn(contenders, order, flags, output);
}

/** @throws KeystormError (2) when there is no such calibration. */
function placesIn(dir: string, additions: readonly number[]): Readonly<Record<string, string>> {
  const names = [...plainNames, ...additions.map(nameOf)];
  const lacking = names.find((name) => !existsSync(path.join(dir, name)));
  if (lacking !== undefined)
    throw new KeystormError(`${dir} is no calibration that counted instructions: it has no run ${lacking}.`);
  return Object.fromEntries(names.map((name) => [name, path.join(dir, name)]));
}
