// SPDX-License-Identifier: MIT
/** The requests of one window over its time, whose requests they were, and when a fault was on. */
import { type CellView, type FaultView, hitsOf, rolesOf, type WindowView } from '../../results/cell-view.ts';
import type { CellPlan, ContainerPlan } from '../../results/plan.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { totalErrors } from '../measure/latency.ts';
import { hasHelpers } from '../mechanisms/routes.ts';
import { count } from '../words.ts';
import type { Shade, TimedRequest } from './plot/time-chart.ts';

export interface Timeline {
  readonly role: string;
  readonly load: string;
  /** Index of the window in its cell, and the boot. */
  readonly window: number;
  readonly boot: number;
  /** Length of the window in s. */
  readonly seconds: number;
  /** Start in s from the window's start, latency in ns; null for a request that failed or never ended. */
  readonly requests: readonly TimedRequest[];
  /** `426 × ENOKEY, 1 request never ended, 3 starts missed`; empty if all were made and answered. */
  readonly failures: string;
  readonly faults: readonly Shade[];
}

/**
 * The first window of each load of which every request is known, rates ascending, one timeline a role: windows with a fault if the cell has any. All of
 * the first boot that has them: one window shows the shape, and the tables what the boots have in common.
 */
export function timelinesOf(views: readonly CellView[]): Timeline[][] {
  for (const view of views) {
    const known = view.windows.filter(({ requests }) => requests !== null && requests.length > 0);
    const faulty = known.filter(({ phase }) => phase === 'fault');
    const chosen = faulty.length > 0 ? faulty : known;
    if (chosen.length === 0) continue;
    const firsts = new Map(chosen.map(({ plan, index }) => [plan.rate ?? 0, index] as const).reverse());
    return [...firsts].sort(([a], [b]) => a - b).map(([, index]) => ofWindow(view, index));
  }
  return [];
}

function ofWindow(view: CellView, index: number): Timeline[] {
  const here = view.windows.filter((window) => window.index === index);
  const faults = faultsOf(view, here);
  return rolesOf(view.cell).flatMap((role): Timeline[] => {
    const own = here.filter(({ container, requests }) => container.role === role && requests !== null);
    const [first] = own;
    if (first === undefined || first.frame === null) return [];
    return [
      {
        role,
        load: first.load,
        window: index,
        boot: view.boot.plan.index,
        seconds: Math.max(...own.map(({ frame }) => (frame === null ? 0 : frame.mono_end - frame.mono_start))) / 1e9,
        requests: own.flatMap(timed),
        failures: failuresOf(own),
        faults,
      },
    ];
  });
}

function timed({ requests, frame }: WindowView): TimedRequest[] {
  return (requests ?? []).map(({ start, end, errno }) => ({
    x: (start - (frame?.mono_start ?? 0)) / 1e9,
    y: end === null || errno !== 0 ? null : Math.max(1, end - start),
  }));
}

function failuresOf(windows: readonly WindowView[]): string {
  const errors: Record<string, number> = {};
  let [open, missed] = [0, 0];
  for (const { frame } of windows) {
    if (frame === null) continue;
    open += frame.open;
    missed += frame.arrivals?.missed ?? 0;
    for (const [errno, n] of Object.entries(frame.errors)) errors[errno] = (errors[errno] ?? 0) + n;
  }
  if (totalErrors(errors) + open + missed === 0) return '';
  const parts = Object.entries(errors).map(([errno, n]) => `${n} × ${errno}`);
  if (open > 0) parts.push(`${count(open, 'request')} never ended`);
  if (missed > 0) parts.push(`${count(missed, 'start')} missed`);
  return parts.join(', ');
}

/** From the injection to the word that it is over; without one, for as long as planned. What is done to the guest is drawn once. */
function faultsOf({ cell }: CellView, windows: readonly WindowView[]): Shade[] {
  const drawn = new Set<FaultView['plan']>();
  return windows.flatMap(({ faults, frame, container }) =>
    faults.flatMap((fault) => {
      const { plan, inject, clear } = fault;
      if (inject === null || frame === null || drawn.has(plan)) return [];
      drawn.add(plan);
      const seconds = (mono: number) => (mono - frame.mono_start) / 1e9;
      const from = seconds(inject.mono_before);
      const to = clear === null ? from + (plan.untilMs - plan.atMs) / 1e3 : seconds(clear.mono_after);
      return [{ from, to, name: shadeOf(cell, container, fault) }];
    }),
  );
}

function shadeOf({ mechanism }: CellPlan, { agent, role }: ContainerPlan, fault: FaultView): string {
  const { name, container } = fault.plan;
  const whose = agent === 'shared' ? ' of all' : role === 'subject' ? '' : ` of the ${role}`;
  if (fault.tooLate) return `${name}${whose}: the window was over before it could be`;
  if (hitsOf(fault) === 0) return `${name}${whose}: nothing was there to be hit`;
  const known = faults.find((each) => each.name === name);
  if (container === undefined) return known?.shade ?? name;
  // A helper is started anew for each request: nobody restarts it.
  if (hasHelpers(mechanism.route) && name === 'kill-answerer') return `helpers${whose} killed`;
  return known === undefined ? `${name}${whose}` : `${known.target}${whose} ${known.shade}`;
}
