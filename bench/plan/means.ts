// SPDX-License-Identifier: MIT
/** What a run, or a cell of it, has that not every one has, and without which some faults cannot be injected. */
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import type { Need } from '../../scenarios/faults/types.ts';
import type { AnyScenario, NotApplicable } from '../../scenarios/types.ts';
import { kernelEntries } from '../../vm/image/kernels.ts';
import { failingOptions } from '../../vm/image/tree/needed-options.ts';
import type { MechanismEntry } from '../mechanisms/index.ts';

export interface RunMeans {
  /** Virtual processors. */
  readonly smp: number;
  /** The kernel can be told to let an allocation fail. */
  readonly allocationsFail: boolean;
  /** The kernel is of a build tree of the user's: another one is had by another configuration, too. */
  readonly ownTree: boolean;
  /** The machine may be crashed, filled up and changed as a whole; else it is somebody's, who is to find it as it was. */
  readonly disposable: boolean;
}

export interface Means extends RunMeans {
  /** Somebody answers who can be stopped, starved or flooded. */
  readonly agents: boolean;
  /** A container whose requesters rest but for what is done to them. */
  readonly idleContainer: boolean;
}

/** Where there are no agents a scenario says so itself, for each route; and whose requesters rest is its own choice. */
const seenToByScenario = { agents: true, idleContainer: true } as const;

/** Why something is not done to a machine that others need, to complete a sentence that says what it does. */
const onlyDisposable = 'that is for a machine that can be thrown away, such as --machine qemu';

const unmet: Readonly<Record<Need, (means: Means) => string | null>> = {
  agents: ({ agents }) => (agents ? null : 'it is done to an agent, and there is none'),
  'idle-container': ({ idleContainer }) =>
    idleContainer ? null : 'it takes a container whose requesters rest, and there is none',
  'smp-2': ({ smp }) => (smp >= 2 ? null : 'it takes a processor away, and there is one: run it with --smp 2'),
  disposable: ({ disposable }) => (disposable ? null : `it is done to the machine as a whole: ${onlyDisposable}`),
  failslab: ({ allocationsFail, ownTree }) =>
    allocationsFail ? null : `this kernel lets no allocation fail on demand: ${failingKernel(ownTree)}`,
};

/** How to have a kernel that can: one of those with names, or one's own with other options. */
function failingKernel(ownTree: boolean): string {
  const able = kernelEntries().filter(({ allocationsFail }) => allocationsFail === true);
  const named = `run it with --kernel ${able.map(({ name }) => name).join(' or ')}`;
  if (!ownTree) return named;
  return `build the tree with ${failingOptions.map((name) => `CONFIG_${name}`).join(', ')}, or ${named}`;
}

/** What is lacking of that, in words that a report shows; null if the need is met. */
export function lackOf(need: Need, means: Means): string | null {
  return unmet[need](means);
}

/** Why a mechanism is not for the machine; undefined if it is. */
export function harmOf(
  { harm }: MechanismEntry,
  { disposable }: Pick<RunMeans, 'disposable'>,
): NotApplicable | undefined {
  return disposable || harm === undefined ? undefined : { notApplicable: `it ${harm}: ${onlyDisposable}` };
}

/** Why checks are not for the machine; undefined if they are. They set quotas, name servers and helpers of the machine, and load modules. */
export function harmOfChecks({ disposable }: Pick<RunMeans, 'disposable'>): NotApplicable | undefined {
  return disposable ? undefined : { notApplicable: `checks change settings of the whole machine: ${onlyDisposable}` };
}

/** Why the scenario cannot be run with these means; undefined if it can. */
export function lackFor(scenario: AnyScenario, means: RunMeans): NotApplicable | undefined {
  const names = faultsIn(scenario);
  const needed = faults.filter(({ name }) => names.includes(name)).flatMap(({ needs }) => needs);
  const lacks = needed.flatMap((need) => lackOf(need, { ...means, ...seenToByScenario }) ?? []);
  return lacks[0] === undefined ? undefined : { notApplicable: lacks[0] };
}
