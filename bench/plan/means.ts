// SPDX-License-Identifier: MIT
/** What a run has that not every run has, and without which some faults cannot be injected. */
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import type { Need } from '../../scenarios/faults/types.ts';
import type { AnyScenario, NotApplicable } from '../../scenarios/types.ts';

export interface Means {
  /** Virtual processors. */
  readonly smp: number;
  /** The kernel can be told to let an allocation fail (FAILSLAB). */
  readonly allocationsFail: boolean;
}

/** Where there are no agents a scenario says so itself, for each route; and whose requesters rest is its own choice. */
const unmet: Readonly<Record<Need, (means: Means) => string | null>> = {
  agents: () => null,
  'idle-container': () => null,
  'smp-2': ({ smp }) => (smp >= 2 ? null : 'it takes a processor away, and there is one: run it with --smp 2'),
  failslab: ({ allocationsFail }) =>
    allocationsFail ? null : 'this kernel lets no allocation fail on demand: run it with --kernel leaks, or debug',
};

/** What the run lacks of that, in words that a report shows; null if the need is met. */
export function lackOf(need: Need, means: Means): string | null {
  return unmet[need](means);
}

/** Why the scenario cannot be run with these means; undefined if it can. */
export function lackFor(scenario: AnyScenario, means: Means): NotApplicable | undefined {
  const names = faultsIn(scenario);
  const needed = faults.filter(({ name }) => names.includes(name)).flatMap(({ needs }) => needs);
  const lacks = needed.flatMap((need) => lackOf(need, means) ?? []);
  return lacks[0] === undefined ? undefined : { notApplicable: lacks[0] };
}
