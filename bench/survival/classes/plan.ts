// SPDX-License-Identifier: MIT
/** The plan of guests that are broken: as short as one can be in which everything happens that is to be disturbed. */
import type { Plan } from '../../../results/plan.ts';
import { aCell, aContainer, aPlan } from '../../../results/testing/plans.ts';
import { type Bounds, standardBounds } from '../../run/bounds.ts';

export const cellsOfBoot = 2;

/** Boots of two cells with two short windows each. */
export function classesPlan(boots: number): Plan {
  const window = { ms: 1_000, maxRequests: 100_000, samples: false };
  const cells = Array.from({ length: cellsOfBoot }, (_, i) =>
    aCell({
      id: `c${i}`,
      containers: [aContainer('subject')],
      timeoutMs: 2_000,
      warmup: 20,
      windows: [window, window],
    }),
  );
  const plan = aPlan(cells, boots, { machine: 'qemu', memoryMiB: 512 });
  const steps = (all: Plan['boots'][number]['steps']) => all.filter(({ kind }) => kind === 'cell');
  return { ...plan, boots: plan.boots.map((boot) => ({ ...boot, steps: steps(boot.steps) })) };
}

/**
 * The usual ones, but that progress in so short a plan need not be waited for for two minutes: for longer than for a heartbeat, and for
 * less than the runner waits for the last requests of a window.
 */
export const classesBounds: Bounds = { ...standardBounds, progressMs: 13_000 };
