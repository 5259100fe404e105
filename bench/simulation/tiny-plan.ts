// SPDX-License-Identifier: MIT
/** Makes a real plan so small that it runs in a millisecond: the same steps, with less of everything. */
import type { BootPlan, CellPlan, Plan, Step, WindowPlan } from '../../results/plan.ts';
import { findMechanism } from '../mechanisms/index.ts';
import type { Random } from '../plan/random.ts';

const most = { cells: 2, checks: 1, windows: 2, containers: 2, requesters: 2, requests: 5 } as const;

/** What is left out is drawn. The plan stays one that a sound fake guest passes. */
export function shrunk(plan: Plan, random: Random): Plan {
  const cells = some(plan.cells, most.cells, random).map(smallCell);
  const checks = some(plan.checks, most.checks, random);
  const ids = new Set([...cells, ...checks].map(({ id }) => id));
  return { ...plan, cells, checks, boots: plan.boots.map((boot) => smallBoot(boot, ids, random)) };
}

/** So many of them at most, in their order. */
function some<T>(all: readonly T[], atMost: number, random: Random): T[] {
  const kept = new Set(random.shuffle(all).slice(0, atMost));
  return all.filter((each) => kept.has(each));
}

/** One floor, and the steps that are left. */
function smallBoot(boot: BootPlan, ids: ReadonlySet<string>, random: Random): BootPlan {
  const floors = boot.steps.filter((step) => step.kind === 'floor');
  const rest = boot.steps.filter((step) => ids.has(idOf(step)));
  return { ...boot, steps: [...some(floors, 1, random).map((floor) => ({ ...floor, iterations: 3 })), ...rest] };
}

function idOf(step: Step): string {
  return step.kind === 'cell' ? step.cell : step.kind === 'checks' ? step.checks : '';
}

function smallCell(cell: CellPlan): CellPlan {
  const requestMs = (findMechanism(cell.mechanism.name)?.roughRequestUs ?? 0) / 1_000;
  const faulty = cell.windows.filter((window) => isFaulty(window));
  const sound = cell.windows.filter((window) => !isFaulty(window));
  const windows = [...sound.slice(0, most.windows - Math.min(1, faulty.length)), ...faulty.slice(0, 1)];
  // It takes a thousand requests to tell how a neighbour fares.
  const { 'bystander-unaffected': _, ...expect } = cell.expect;
  return {
    ...cell,
    containers: cell.containers.slice(0, most.containers).map((container) => ({
      ...container,
      requesters: Math.min(most.requesters, container.requesters),
    })),
    warmup: Math.min(1, cell.warmup),
    windows: windows.map((window) => smallWindow(window, requestMs)),
    expect,
  };
}

function isFaulty({ faults }: WindowPlan): boolean {
  return faults !== undefined;
}

/** Time for some requests; where there is a fault, for some after it. */
function smallWindow(window: WindowPlan, requestMs: number): WindowPlan {
  const { faults } = window;
  const ms = Math.min(window.ms, Math.ceil(6 + 6 * requestMs));
  const rate = window.rate === undefined ? {} : { rate: Math.max(window.rate, 500) };
  if (faults === undefined) return { ...window, ...rate, ms, maxRequests: most.requests };
  return {
    ...window,
    ...rate,
    ms,
    maxRequests: 200,
    faults: faults.map((fault) => ({ ...fault, atMs: 1, untilMs: 2 })),
  };
}
