// SPDX-License-Identifier: MIT
/** When whoever answers a container is not there to do so; times in ns from the window's start. */
import type { GuestContainer, GuestFault, GuestWindow } from './guest-plan.ts';

/** Other faults the fake's answerers bear without a sign. */
const absences = new Map<string, 'killed' | 'stopped'>([
  ['kill-answerer', 'killed'],
  ['stop-answerer', 'stopped'],
]);

export interface Absence {
  readonly how: 'killed' | 'stopped';
  readonly from: number;
  readonly until: number;
}

/** What the fault means for whoever answers the container; undefined if it takes nobody away. */
export function absenceBy(
  fault: GuestFault,
  container: GuestContainer,
  containers: readonly GuestContainer[],
): Absence | undefined {
  const how = absences.get(fault.name);
  const target = containers.find(({ name }) => name === fault.container);
  // What is done to the one agent is done to all whom it serves.
  const together = target?.agent === 'shared' && container.agent === 'shared';
  if (how === undefined || (container.name !== fault.container && !together)) return undefined;
  return { how, from: fault.atMs * 1e6, until: fault.untilMs * 1e6 };
}

/** The first absence that one of the window's faults means for the container; undefined if none does. */
export function absenceOf(
  container: GuestContainer,
  { faults }: GuestWindow,
  containers: readonly GuestContainer[],
): Absence | undefined {
  for (const fault of faults) {
    const absence = absenceBy(fault, container, containers);
    if (absence !== undefined) return absence;
  }
  return undefined;
}
