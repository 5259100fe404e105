// SPDX-License-Identifier: MIT
/** When whoever answers a container is not there to do so; times in ns from the window's start. */
import type { GuestContainer, GuestWindow } from './guest-plan.ts';

export interface Absence {
  readonly how: 'killed' | 'stopped';
  readonly from: number;
  readonly until: number;
}

/** The absence that the window's fault means for the container; undefined if it means none. */
export function absenceOf(
  container: GuestContainer,
  window: GuestWindow,
  containers: readonly GuestContainer[],
): Absence | undefined {
  const { fault } = window;
  if (fault === undefined) return undefined;
  const target = containers.find(({ name }) => name === fault.container);
  // What is done to the one agent is done to all whom it serves.
  const together = target?.agent === 'shared' && container.agent === 'shared';
  if (container.name !== fault.container && !together) return undefined;
  const how = fault.name === 'kill-answerer' ? 'killed' : 'stopped';
  return { how, from: fault.atMs * 1e6, until: fault.untilMs * 1e6 };
}
