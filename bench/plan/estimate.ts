// SPDX-License-Identifier: MIT
/**
 * How long a plan should take, for the time remaining that the progress display shows. Rough on purpose: no bound and no
 * result depends on it.
 */
import type { BootPlan, CellPlan, Plan, Step } from '../../results/plan.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { cellOf, checksOf } from './guest-plan.ts';

/** From the start of the guest to its first word, under TCG. */
export const roughBootMs = 6_000;
const roughContainerMs = 400;
/** Settling, counters and kernel log after a cell. */
const roughCellMs = 500;
/** Between windows: their frames, the meter, and the pause before the next one. */
const roughWindowMs = 100;
/** One check, with the containers it makes for itself. */
const roughCheckMs = 3_000;
const roughFloorUs = { syscall: 1, add_key: 60, eventfd: 70, vfork_exec: 2_500 } as const;
const unknownRequestUs = 10_000;

/** Rough duration of a whole run in ms of the guest's time. */
export function estimateRunMs(plan: Plan): number {
  return plan.boots.reduce((sum, boot) => sum + estimateBootMs(plan, boot), 0);
}

/** Likewise of one boot, with the boot itself. */
export function estimateBootMs(plan: Plan, boot: BootPlan): number {
  return boot.steps.reduce((sum, step) => sum + estimateStepMs(plan, step), roughBootMs);
}

/** Likewise of one step. */
export function estimateStepMs(plan: Plan, step: Step): number {
  if (step.kind === 'floor') return (step.iterations * roughFloorUs[step.floor]) / 1_000;
  if (step.kind === 'checks') return checksOf(plan, step.checks).checks.length * roughCheckMs;
  return estimateCellMs(cellOf(plan, step.cell));
}

function estimateCellMs(cell: CellPlan): number {
  const entry = findMechanism(cell.mechanism.name);
  const requestMs = ((entry?.roughRequestUs ?? unknownRequestUs) / 1_000) * upcallsPerRequest(cell);
  const requesters = cell.containers.reduce((sum, container) => sum + container.requesters, 0);
  const windows = cell.windows.reduce((sum, { ms, maxRequests, rate }) => {
    const loadMs = rate === undefined ? maxRequests * requestMs * cell.containers.length : ms;
    return sum + roughWindowMs + Math.min(ms, loadMs);
  }, 0);
  return roughCellMs + cell.containers.length * roughContainerMs + cell.warmup * requesters * requestMs + windows;
}

/** A hit costs next to nothing, and in storm-one all requesters of a container share an upcall. */
function upcallsPerRequest({ requests, containers }: CellPlan): number {
  if (requests.kind !== 'storm-one') return 1 - requests.hitPercent / 100;
  return containers.length / containers.reduce((sum, { requesters }) => sum + requesters, 0);
}
