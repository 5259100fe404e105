// SPDX-License-Identifier: MIT
/** What was recorded of one cell in one boot, beside what was planned: a missing frame is a null here, not an absence. */
import { type BootView, framesOf } from './boots.ts';
import type { FrameOf } from './frames.ts';
import type { CellPlan, ContainerPlan, FaultPlan, WindowPlan } from './plan.ts';

/** One request as its requester saw it; times are the guest's CLOCK_MONOTONIC in ns. */
export interface RequestSample {
  readonly start: number;
  /** Null if it never ended. */
  readonly end: number | null;
  /** 0 for ok. */
  readonly errno: number;
  readonly agent: number;
  readonly worker: number;
}

/** A fault that was planned for a window, and what became of it. */
export interface FaultView {
  readonly plan: FaultPlan;
  /** Null if it was not reported. */
  readonly inject: FrameOf<'fault'> | null;
  /** Null if it was not reported, or never cleared: it had hit nothing, or is over by itself. */
  readonly clear: FrameOf<'fault'> | null;
  /** The time of its window was up before it could be injected: it was tried on nobody, and hit nobody. */
  readonly tooLate: boolean;
}

/** How often it was seen to take effect; null if nobody said. Of some that is known only once they are cleared. */
export function hitsOf({ inject, clear }: FaultView): number | null {
  return (clear ?? inject)?.hits ?? null;
}

/** One planned window as one container saw it. */
export interface WindowView {
  readonly index: number;
  readonly plan: WindowPlan;
  readonly container: ContainerPlan;
  /** 'fault' if a fault was planned for the window, in whichever container; else what was done to its requests, or 'steady'. */
  readonly phase: Phase;
  /** 'closed:<requesters>' or 'open:<starts a second>', of all containers of the role together. */
  readonly load: string;
  readonly frame: FrameOf<'window'> | null;
  /** Where the time of its requests went; null if it was not asked for or did not arrive. */
  readonly stages: FrameOf<'stages'> | null;
  /** Every request in order of start; null if they were not asked for or did not all arrive. */
  readonly requests: readonly RequestSample[] | null;
  /** Faults planned for this container or for the guest as a whole, in this window, as planned. */
  readonly faults: readonly FaultView[];
}

/** 'batch': not timed one by one. 'stages': taken apart, which costs time that others do not spend. */
export type Phase = 'steady' | 'fault' | 'batch' | 'stages';
export type Role = ContainerPlan['role'];

export interface CellView {
  readonly cell: CellPlan;
  readonly boot: BootView;
  /** The runner's word that the containers run; null if the boot never came so far. */
  readonly begun: FrameOf<'cell'> | null;
  readonly agents: readonly FrameOf<'agent'>[];
  /** Every planned window for every container, by window, then by container as planned. */
  readonly windows: readonly WindowView[];
  readonly counters: FrameOf<'counters'> | null;
  readonly keys: FrameOf<'keys'> | null;
  /** At most one for each planned window, in order of the windows. */
  readonly meters: readonly FrameOf<'meter'>[];
  readonly kmsg: readonly FrameOf<'kmsg'>[];
}

export function cellView(cell: CellPlan, boot: BootView): CellView {
  const ofCell = <T extends { cell: string | null }>(frames: readonly T[]): T[] =>
    frames.filter((frame) => frame.cell === cell.id);
  const windows = ofCell(framesOf(boot, 'window'));
  const samples = ofCell(framesOf(boot, 'samples'));
  const reported = ofCell(framesOf(boot, 'fault'));
  const stages = ofCell(framesOf(boot, 'stages'));
  return {
    cell,
    boot,
    begun: framesOf(boot, 'cell').find(({ id }) => id === cell.id) ?? null,
    agents: ofCell(framesOf(boot, 'agent')),
    windows: cell.windows.flatMap((plan, index) => {
      const start = windows.find((frame) => frame.index === index)?.mono_start;
      const faults = faultsOf(
        plan,
        reported.filter((frame) => frame.index === index),
        start === undefined ? Number.POSITIVE_INFINITY : start + plan.ms * 1e6,
      );
      return cell.containers.map((container) => {
        const here = <T extends { index: number; container: string }>(frames: readonly T[]): T[] =>
          frames.filter((frame) => frame.index === index && frame.container === container.name);
        const frame = here(windows)[0] ?? null;
        return {
          index,
          plan,
          container,
          phase: phaseOf(plan),
          load: loadOf(cell, container.role, plan),
          frame,
          stages: here(stages)[0] ?? null,
          requests: frame === null ? null : requestsOf(frame, here(samples)),
          faults: faults.filter((fault) => (fault.plan.container ?? container.name) === container.name),
        };
      });
    }),
    counters: ofCell(framesOf(boot, 'counters'))[0] ?? null,
    keys: ofCell(framesOf(boot, 'keys'))[0] ?? null,
    meters: ofCell(framesOf(boot, 'meter')),
    kmsg: ofCell(framesOf(boot, 'kmsg')),
  };
}

/**
 * Each planned fault with its frames, which come in the plan's order: of two alike the first is the first's. `deadline`: when the
 * window's time was up; one that had not been tried by then is reported as injected at that moment.
 */
function faultsOf({ faults = [] }: WindowPlan, frames: readonly FrameOf<'fault'>[], deadline: number): FaultView[] {
  const left = [...frames];
  const take = (plan: FaultPlan, phase: 'inject' | 'clear', from: number): number =>
    left.findIndex(
      (frame, i) =>
        i >= from && frame.phase === phase && frame.name === plan.name && frame.container === (plan.container ?? null),
    );
  return faults.map((plan): FaultView => {
    const at = take(plan, 'inject', 0);
    const [inject = null] = at < 0 ? [] : left.splice(at, 1);
    // The next one's clearing comes behind the next one's injection.
    const next = take(plan, 'inject', Math.max(at, 0));
    const cleared = take(plan, 'clear', Math.max(at, 0));
    const [clear = null] = cleared < 0 || (next >= 0 && next < cleared) ? [] : left.splice(cleared, 1);
    const tooLate = inject !== null && inject.hits === 0 && inject.mono_before >= deadline;
    return { plan, inject, clear, tooLate };
  });
}

/** Null unless there is a row for each request the window frame speaks of. */
function requestsOf(window: FrameOf<'window'>, frames: readonly FrameOf<'samples'>[]): RequestSample[] | null {
  if (frames.at(-1)?.last !== true) return null;
  const requests = frames.flatMap(({ mono_start, rows }) =>
    rows.map(([start, latency, errno, agent, worker]) => ({
      start: mono_start + start,
      end: latency < 0 ? null : mono_start + start + latency,
      errno,
      agent,
      worker,
    })),
  );
  return requests.length === window.started ? requests : null;
}

/** What is counted together: the windows of all containers of a role, in a phase, under a load. */
export interface Slice {
  readonly role: Role;
  readonly phase: Phase;
  readonly load: string;
}

/** The slices of a cell, as planned and in that order. */
export function slicesOf(cell: CellPlan): Slice[] {
  const all = rolesOf(cell).flatMap((role) =>
    cell.windows.map((plan): Slice => ({ role, phase: phaseOf(plan), load: loadOf(cell, role, plan) })),
  );
  return [...new Map(all.map((slice) => [JSON.stringify(slice), slice])).values()];
}

/** The windows of a slice, or of everything that agrees with the part of one that is named. */
export function windowsOf(view: CellView, { role, phase, load }: Partial<Slice>): WindowView[] {
  return view.windows.filter(
    (window) =>
      (role === undefined || window.container.role === role) &&
      (phase === undefined || window.phase === phase) &&
      (load === undefined || window.load === load),
  );
}

/** The roles that occur in a cell, as planned. */
export function rolesOf(cell: CellPlan): Role[] {
  return [...new Set(cell.containers.map(({ role }) => role))];
}

/** The phases that occur in a cell, as planned. */
export function phasesOf(cell: CellPlan): Phase[] {
  return [...new Set(cell.windows.map(phaseOf))];
}

function phaseOf({ faults, timing, stages }: WindowPlan): Phase {
  if (faults !== undefined) return 'fault';
  if (stages === true) return 'stages';
  return timing === 'batch' ? 'batch' : 'steady';
}

function loadOf(cell: CellPlan, role: Role, { rate }: WindowPlan): string {
  const containers = cell.containers.filter((container) => container.role === role);
  if (rate !== undefined) return `open:${rate * containers.length}`;
  return `closed:${containers.reduce((sum, { requesters }) => sum + requesters, 0)}`;
}
