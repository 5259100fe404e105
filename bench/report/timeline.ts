// SPDX-License-Identifier: MIT
/** The requests of one window over its time, whose requests they were, and when a fault was on. */
import { type CellView, rolesOf, type WindowView } from '../../results/cell-view.ts';
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

/** From the injection to the word that it is over; without one, for as long as planned. */
function faultsOf({ cell }: CellView, windows: readonly WindowView[]): Shade[] {
  return windows.flatMap(({ faults, plan, frame, container }) => {
    const injected = faults.find(({ phase }) => phase === 'inject');
    if (injected === undefined || frame === null || plan.fault === undefined) return [];
    // A helper is started anew for each request: nobody restarts it.
    const clear = faults.find(({ phase }) => phase === 'clear');
    const seconds = (mono: number) => (mono - frame.mono_start) / 1e9;
    const planned = seconds(injected.mono_before) + (plan.fault.untilMs - plan.fault.atMs) / 1e3;
    const from = seconds(injected.mono_before);
    const to = clear === undefined ? planned : seconds(clear.mono_after);
    const whose =
      container.agent === 'shared' ? ' of all' : container.role === 'subject' ? '' : ` of the ${container.role}`;
    if (injected.hits === 0) return [{ from, to, name: `${plan.fault.name}${whose}: nothing was there to be hit` }];
    const words =
      plan.fault.name === 'stop-answerer'
        ? `agent${whose} stopped, then continued`
        : hasHelpers(cell.mechanism.route)
          ? `helpers${whose} killed`
          : `agent${whose} killed, until a new one is ready`;
    return [{ from, to, name: words }];
  });
}
