// SPDX-License-Identifier: MIT
/** What a figure depends on, in the words of `bench --json`. */
import type { BootView } from '../../results/boots.ts';
import type { Role } from '../../results/cell-view.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import type { Dimensions, Unit } from './metric.ts';

/** The machine a boot ran on. A boot that was never begun is filed with the first one that was. */
export function machineDimensions(plan: Plan, boot: BootView, boots: readonly BootView[]): Dimensions {
  const start = boot.start ?? boots.find((other) => other.start !== null)?.start ?? null;
  if (start === null) {
    const { machine, kernel, smp, clock } = plan;
    return { kernel, module: 'unknown', machine, accelerator: 'unknown', smp, clock };
  }
  const { kernel, moduleHash, machine, accelerator, smp, clock } = start.description;
  return { kernel, module: moduleHash, machine, accelerator, smp, clock };
}

/** The cell, whatever machine it runs on. */
export function cellDimensions(cell: CellPlan): Dimensions {
  const { mechanism, fallback, topology, scenario } = cell;
  return { mechanism: mechanism.name, fallback, topology, scenario };
}

/** The containers of one role; `load` counts the requesters of all of them. */
export function roleDimensions(cell: CellPlan, role: Role): Dimensions {
  const requesters = cell.containers.filter((c) => c.role === role).reduce((sum, c) => sum + c.requesters, 0);
  return { container: role, load: `closed:${requesters}` };
}

/** Unit of a duration taken on a guest's clock: only a wall clock's nanoseconds are time. */
export function durationUnit(machine: Dimensions): Unit {
  return machine.clock === 'wall' ? 'ns' : 'virtual-ns';
}
