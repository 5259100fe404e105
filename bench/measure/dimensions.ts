// SPDX-License-Identifier: MIT
/** What a figure depends on, in the words of `bench --json`. */
import type { BootView } from '../../results/boots.ts';
import { type CellView, type Role, type Slice, slicesOf, type WindowView } from '../../results/cell-view.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import type { Dimensions, Unit } from './metric.ts';

const ofMachine: readonly string[] = ['kernel', 'module', 'machine', 'accelerator', 'smp', 'clock'];

/** Whether it says what a figure was measured on, rather than what it is of. */
export function isMachineDimension(name: string): boolean {
  return ofMachine.includes(name);
}

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
  const depth = cell.containers[0]?.depth;
  return { mechanism: mechanism.name, fallback, topology, scenario, ...(depth === undefined ? {} : { depth }) };
}

/** What is counted together. */
export function sliceDimensions({ role, phase, load }: Slice): Dimensions {
  return { container: role, load, phase };
}

/** The containers of one role, where all their windows have one load; where they have several, `load` names each. */
export function roleDimensions(cell: CellPlan, role: Role): Dimensions {
  const loads = slicesOf(cell).filter((slice) => slice.role === role);
  return { container: role, load: [...new Set(loads.map(({ load }) => load))].join('+') };
}

/**
 * Unit of a duration taken on a guest's clock: only a wall clock's nanoseconds are time. `windows`, of `view`, are those it was
 * taken in; a guest that counts instructions and was never idle in them counted nothing else.
 */
export function durationUnit(machine: Dimensions, view?: CellView, windows: readonly WindowView[] = []): Unit {
  if (machine.clock === 'wall') return 'ns';
  const counted = machine.clock === 'icount' && view !== undefined && windows.length > 0 && neverIdle(view, windows);
  return counted ? 'insn' : 'virtual-ns';
}

/** As far as its meter tells, which counts in steps of 10 ms. */
function neverIdle({ meters }: CellView, windows: readonly WindowView[]): boolean {
  return windows.every((window) => meters.find(({ index }) => index === window.index)?.idle_ns === 0);
}
