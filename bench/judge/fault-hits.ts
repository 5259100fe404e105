// SPDX-License-Identifier: MIT
/** How often each fault was seen to take effect, by cell or block of checks and by the fault's name, over all boots. */
import { type BootView, cellsInBoot, checksInBoot } from '../../results/boots.ts';
import { cellView, hitsOf } from '../../results/cell-view.ts';
import { checkView } from '../../results/check-view.ts';
import type { CellPlan, CheckBlock, Plan } from '../../results/plan.ts';
import { faultsIn } from '../../scenarios/faults/in-scenario.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { allScenarios } from '../../scenarios/index.ts';

/** The names of the faults that are planned for a cell or block, each once. */
export function faultsPlannedIn(of: CellPlan | CheckBlock): string[] {
  if (!('windows' in of)) return [...(of.faults ?? [])];
  const inWindows = of.windows.flatMap(({ faults: planned = [] }) => planned.map(({ name }) => name));
  return [...new Set([...workloadFaultsOf(of.scenario), ...inWindows])];
}

export interface FaultHits {
  readonly hits: number;
  /** Injections that took no effect. */
  readonly missed: number;
}

/** A fault that nobody reported, or that came too late to be tried, has no entry. */
export type Hits = ReadonlyMap<string, ReadonlyMap<string, FaultHits>>;

export function hitsByCell(plan: Plan, boots: readonly BootView[]): Hits {
  const all = new Map<string, Map<string, FaultHits>>();
  const add = (cell: string, fault: string, count: number) => {
    const own = all.get(cell) ?? new Map<string, FaultHits>();
    const { hits, missed } = own.get(fault) ?? { hits: 0, missed: 0 };
    all.set(cell, own.set(fault, { hits: hits + count, missed: missed + (count === 0 ? 1 : 0) }));
  };
  for (const boot of boots) {
    for (const cell of cellsInBoot(plan, boot.plan)) {
      const { windows } = cellView(cell, boot);
      const seen = new Set(windows.flatMap((window) => window.faults));
      for (const fault of seen) {
        const count = fault.tooLate ? null : hitsOf(fault);
        if (count !== null) add(cell.id, fault.plan.name, count);
      }
      const started = windows.reduce((sum, { frame }) => sum + (frame?.started ?? 0), 0);
      for (const name of workloadFaultsOf(cell.scenario)) if (started > 0) add(cell.id, name, started);
    }
    for (const block of checksInBoot(plan, boot.plan)) {
      for (const { fault, hits: count } of checkView(block, boot).faults) add(block.id, fault, count);
    }
  }
  return all;
}

/** Of what requesters themselves do, each request is a hit. */
function workloadFaultsOf(scenario: string): string[] {
  const found = allScenarios.find(({ name }) => name === scenario);
  const names = found === undefined ? [] : faultsIn(found);
  return names.filter((name) => faults.some((fault) => fault.name === name && fault.by === 'workload'));
}
