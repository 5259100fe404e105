// SPDX-License-Identifier: MIT
/** Base and new measured in turn: what is done before there is anything to compare. */
import path from 'node:path';
import { type PairSide, pairSides } from '../../../results/manifest.ts';
import { openProvider } from '../../../vm/providers.ts';
import type { ComparisonRules } from '../../compare/figures.ts';
import { firstSides, sidesInOrder } from '../../pair/order.ts';
import { pairRepro } from '../../pair/repro.ts';
import type { Subject } from '../../pair/subject.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { makeRunFolder, standardRunsDir } from '../../run/run-folder.ts';
import type { AccessFlags } from '../machine-options.ts';
import type { Output } from '../output.ts';
import type { GuestFlags, WorkFlags } from '../plan-options.ts';
import { type Contender, demandPlace, measuredInTurn } from './measured-in-turn.ts';
import { planOptionsOf } from './plan-choice.ts';

type Both<T> = Readonly<Record<PairSide, T>>;

export interface PairJob extends AccessFlags {
  readonly subjects: Both<Subject>;
  readonly work: WorkFlags & { readonly seed: number };
  readonly rules: ComparisonRules;
  /** Folder of both runs; absent: two new ones among the others. */
  readonly out?: string | undefined;
  /** Where two new ones are made (default: among all runs). */
  readonly runsDir?: string | undefined;
  readonly locked: boolean;
  readonly install: boolean;
  /** Called when both guests are prepared, before anything is measured. */
  readonly begins?: () => void;
}

/**
 * The folders of both runs, each with its report; or the exit code of the signal that ended it, and whatever was recorded stays.
 * @throws KeystormError as the table of exit codes has it.
 */
export async function measuredPair(job: PairJob, output: Output): Promise<Both<string> | number> {
  const { subjects, work, rules, out, runsDir = standardRunsDir } = job;
  if (out !== undefined) for (const side of pairSides) demandPlace(path.join(out, side));
  const createdAt = new Date();
  const options = eachSide((side) => planOptionsOf({ ...work, ...guestOf(subjects[side]) }));
  const plans = eachSide((side) => makePlan(options[side]));
  const base = openProvider(plans.base.machine, plans.base.clock);
  const providers = { base, new: openProvider(plans.new.machine, plans.new.clock, base) };
  const first = firstSides(plans.base.boots.length, work.seed);
  const repro = pairRepro(plans, options.base, rules);
  const contenders = pairSides.map(
    (side): Contender => ({
      name: side,
      plan: plans[side],
      provider: providers[side],
      place: () => {
        if (side === pairSides[0]) job.begins?.();
        return out === undefined ? makeRunFolder(runsDir, createdAt, work.seed, `-${side}`) : path.join(out, side);
      },
      manifest: (dir) => {
        const pair = { side, first, alpha: rules.alpha, deltas: { ...rules.deltas } };
        return makeManifest(plans[side], repro, dir, createdAt, { pair });
      },
    }),
  );
  const places = await measuredInTurn(contenders, sidesInOrder(first), job, output);
  return typeof places === 'number' ? places : eachSide((side) => places[side] as string);
}

/** As the options of bench say it. */
export function guestOf({ kernel, tree, module, arrangement, delay, instructions }: Subject): GuestFlags {
  return {
    ...(kernel === undefined ? {} : { kernel }),
    ...(tree === undefined ? {} : { kernelTree: tree }),
    ...(module === undefined ? {} : { module }),
    ...(arrangement === undefined ? {} : { arrangement: Number(arrangement) }),
    ...(delay === undefined ? {} : { agentDelay: Number(delay) }),
    ...(instructions === undefined ? {} : { pathInstructions: Number(instructions) }),
  };
}

function eachSide<T>(make: (side: PairSide) => T): Both<T> {
  return { base: make('base'), new: make('new') };
}
