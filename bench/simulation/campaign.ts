// SPDX-License-Identifier: MIT
/**
 * A campaign: a small plan and everything that goes wrong while it is run, all of it drawn from one seed. The same seed is the same
 * campaign, so a seed is all that is needed to see a failure again.
 */

import { checkScenarios } from '../../scenarios/checks/index.ts';
import { scenarios } from '../../scenarios/index.ts';
import { reasonAgainst } from '../../scenarios/reason-against.ts';
import { isMoment, type Misbehaviour, misbehaviours, scriptText } from '../../vm/fake/misbehaviour.ts';
import { mechanisms } from '../mechanisms/index.ts';
import type { PlanOptions } from '../plan/make-plan.ts';
import { type Random, randomOf } from '../plan/random.ts';
import { drawStoreFault, type StoreFault, storeFaultText } from './store-fault.ts';

/** When somebody interrupts: at a moment of virtual time, or as the run tells of its nth event. */
export type Interruption = { readonly atMs: number } | { readonly event: number };

/** Before this file operation the harness is killed, or the host loses power; then this share of what was not synced is there. */
export type Cut =
  | { readonly how: 'killed'; readonly operation: number }
  | { readonly how: 'power'; readonly operation: number; readonly share: number };

export interface Campaign {
  readonly seed: number;
  /** What the plan maker is asked for; it may rightly refuse. */
  readonly asked: PlanOptions;
  readonly script: readonly Misbehaviour[];
  readonly storeFault: StoreFault | null;
  /** Each write takes only a part of what it is given. */
  readonly shortWrites: boolean;
  /** The machine of this boot cannot make its files. */
  readonly noRoomForBoot: number | null;
  readonly interruption: Interruption | null;
  /** What is looked at afterwards, beside the run as it ended. */
  readonly cut: Cut | null;
  /** What is left of the run is taken up again, perhaps first on a disk that fails once more; null: it is left as it is. */
  readonly resumption: { readonly fault: StoreFault | null } | null;
}

/** 'freeze' is for tests that need a guest to stand still; it would do so for ever. */
const kinds = misbehaviours.filter((kind) => kind !== 'freeze');

export function drawCampaign(seed: number): Campaign {
  const random = randomOf(seed);
  const chance = (percent: number) => random.below(100) < percent;
  const asked = drawOptions(seed, random, chance);
  const wrongBoots = chance(65) ? Array.from({ length: asked.boots }, (_, boot) => boot).filter(() => chance(70)) : [];
  return {
    seed,
    asked,
    script: wrongBoots.flatMap((boot) => Array.from({ length: 1 + random.below(2) }, () => drawWrong(boot, random))),
    storeFault: chance(30) ? drawStoreFault(random) : null,
    shortWrites: chance(10),
    noRoomForBoot: chance(3) ? random.below(asked.boots) : null,
    interruption: chance(25) ? drawInterruption(random) : null,
    cut: chance(25) ? drawCut(random) : null,
    resumption: chance(50) ? { fault: chance(30) ? drawStoreFault(random) : null } : null,
  };
}

function drawOptions(seed: number, random: Random, chance: (percent: number) => boolean): PlanOptions {
  const some = <T extends { readonly name: string }>(all: readonly T[]) => random.shuffle(all)[0]?.name ?? '';
  const scenario = chance(80) ? some(scenarios) : some(checkScenarios);
  // Mostly what the scenario has something to say about, now and then what the plan maker must refuse.
  const all = mechanisms.map((entry) => entry.mechanism);
  const fitting = chance(95) ? all.filter((mechanism) => reasonAgainst(scenario, mechanism) === undefined) : all;
  return {
    mechanisms: [some(fitting), ...(chance(30) ? [some(all)] : [])],
    scenarios: [scenario, ...(chance(30) ? [some(checkScenarios)] : [])],
    ...(chance(3) ? { rates: [100] } : {}),
    kernel: '6.1',
    machine: 'fake',
    smp: random.shuffle([1, 1, 2])[0] ?? 1,
    allocationsFail: true,
    boots: random.shuffle([1, 1, 1, 1, 2, 3])[0] ?? 1,
    seed,
    quick: true,
  };
}

function drawWrong(boot: number, random: Random): Misbehaviour {
  // Of moments there are more, and each is many: a boot's own troubles would otherwise hide them.
  const kind = random.shuffle(kinds.filter((each) => isMoment(each) || random.below(3) === 0))[0] ?? 'panic';
  const wrong = { kind, boot, cell: random.below(3) };
  if (!isMoment(kind) || random.below(4) === 0) return wrong;
  // A runner whose heart beats has said hello.
  const least = kind === 'no-progress' ? 1 : 0;
  return { ...wrong, frame: least + random.below(random.below(2) === 0 ? 10 : 60) };
}

function drawInterruption(random: Random): Interruption {
  if (random.below(2) === 0) return { event: random.below(60) };
  // Mostly while guests start and work; now and then while one is waited for that says nothing any more.
  return { atMs: random.unit() * (random.below(4) === 0 ? 400_000 : 20_000) };
}

function drawCut(random: Random): Cut {
  const operation = random.below(90);
  return random.below(2) === 0 ? { how: 'killed', operation } : { how: 'power', operation, share: random.unit() };
}

/** What was drawn, for people. */
export function campaignText(campaign: Campaign): string[] {
  const { seed, asked, script, storeFault, shortWrites, noRoomForBoot, interruption, cut, resumption } = campaign;
  const boots = asked.boots === 1 ? '1 boot' : `${asked.boots} boots`;
  return [
    `campaign ${seed}: ${boots} of ${asked.mechanisms.join(', ')} in ${asked.scenarios.join(', ')}`,
    ...(script.length > 0 ? [`guests: ${scriptText(script)}`] : []),
    ...(storeFault === null ? [] : [`disk: ${storeFaultText(storeFault)}`]),
    ...(shortWrites ? ['disk: every write takes only a part'] : []),
    ...(noRoomForBoot === null ? [] : [`disk: full when the machine of boot ${noRoomForBoot} makes its files`]),
    ...(interruption === null ? [] : [`interrupted: ${interruptionText(interruption)}`]),
    ...(cut === null
      ? []
      : [`${cut.how === 'killed' ? 'killed' : 'without power'} before file operation ${cut.operation}`]),
    ...(resumption === null
      ? []
      : [`taken up again${resumption.fault === null ? '' : `, with ${storeFaultText(resumption.fault)}`}`]),
  ];
}

function interruptionText(interruption: Interruption): string {
  if ('event' in interruption) return `as event ${interruption.event} is told`;
  return `after ${interruption.atMs.toFixed(0)} ms`;
}
