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
import { countedRepro } from '../../calibrate/repro.ts';
import { sideOf } from '../../compare/side.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { pathInstructionsOf } from '../../plan/repro.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { type CalibrateFlags, countedComparisons, standardAdditions } from '../calibrate.ts';
import { defaultRulesBy, rulesOf } from '../comparison-options.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { Output } from '../output.ts';
import { circumstancesOf, folderOf, keepAndShow } from './calibrating.ts';
import { type Contender, demandPlace, measuredInTurn } from './measured-in-turn.ts';
import { planOptionsOf } from './plan-choice.ts';

/** Layouts to record. */
const standardLayouts = 12;
/** Any will do that is not the usual one. */
const otherArrangement = 1;
const pilotName = 'pilot';
const plainNames = ['plain-1', 'plain-2'] as const;
const nameOf = (percent: number) => `longer-${percent}`;

/** @throws KeystormError as the table of exit codes has it. */
export async function calibrateCounted(flags: CalibrateFlags, { output }: CommandContext): Promise<number> {
  const createdAt = new Date();
  const { additions = standardAdditions, comparisons = countedComparisons, trials, blocksEach } = flags;
  const boots = flags.boots ?? standardLayouts;
  if (flags.recorded === undefined && blocksEach > boots)
    throw new KeystormError(`A comparison of ${blocksEach} layouts cannot be drawn from ${boots}: record more.`);
  const rules = rulesOf(flags, defaultRulesBy('icount'));
  const options = planOptionsOf({ ...flags, boots });
  const plan = makePlan(options);
  const repro = countedRepro(plan, options, rules, { additions, blocksEach, comparisons, trials });
  const places =
    flags.recorded === undefined
      ? await recorded({ flags, plan, additions, repro, createdAt }, output)
      : placesIn(userPath(flags.recorded), additions);
  if (typeof places === 'number') return places;

  const side = (name: string) => sideOf(readRun(places[name] as string));
  const plain = [side(plainNames[0]), side(plainNames[1])] as const;
  const longer = additions.map((percent) => {
    const one = side(nameOf(percent));
    return { percent, side: one, instructions: pathInstructionsOf(one.run.manifest.plan) ?? 0 };
  });
  const { seed } = plain[0].run.manifest;
  const analysed = analyseCounted({ plain, longer }, { rules, blocksEach, comparisons, trials, seed });
  const certificate = certificateSchema.parse({
    ...circumstancesOf(plain[0].run, { createdAt, repro, rules, seed }),
    pilotNs: typicalValues(plain[0]),
    ...analysed,
  } satisfies Certificate);
  keepAndShow(certificate, flags, output);
  return 0;
}

interface Recording {
  readonly flags: CalibrateFlags;
  readonly plan: Plan;
  readonly additions: readonly number[];
  readonly repro: string;
  readonly createdAt: Date;
}

/** The folders of the runs by name, or the exit code of the signal that ended them. */
async function recorded(
  { flags, plan, additions, repro, createdAt }: Recording,
  output: Output,
): Promise<Readonly<Record<string, string>> | number> {
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
