// SPDX-License-Identifier: MIT
/**
 * How long a container was without service because of a fault.
 *
 * recovery.time: from the moment before the fault was injected (mono_before) to the end of the first successful request of the
 * victim after which no request of the victim fails within the window. Injecting took until mono_after: that much
 * the figure may be too long, its uncertainty. Requests that never ended count as failing to the window's end.
 *
 * recovery.after_restart: from the moment the new agent said it was ready to the end of the same request.
 *
 * A fault that missed, or a victim that was not served again, has no recovery time: null with the reason, never zero. Where
 * undoing the fault left no time in which to be served (a new agent may take seconds to start on a busy host), that is the reason.
 */
import { type CellView, hitsOf, type RequestSample, type WindowView } from '../../results/cell-view.ts';
import { durationUnit, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { median } from './median.ts';
import type { Dimensions } from './metric.ts';

export interface Recovery {
  readonly time: Measured;
  /** Null with 'recovered-before-restart' if somebody else served the victim before the new agent was there. */
  readonly afterRestart: Measured;
}

/** The recovery of one fault window's victim; `window` is the view of the container the fault was done to. */
export function recoveryOf(view: CellView, window: WindowView): Recovery {
  const both = (reason: string): Recovery => ({ time: missing(reason), afterRestart: missing(reason) });
  const reason = obstacle(view, [window]);
  if (reason !== null) return both(reason);
  const first = window.faults[0];
  const injection = first?.inject;
  if (first === undefined || !injection) return both('fault-not-reported');
  if (hitsOf(first) === 0) return both('fault-missed');
  if (window.requests === null) return both('no-samples');
  const end = servedAgain(window.requests, injection.mono_before);
  if (end === null)
    return both(hadNoChance(window.requests, first.clear?.mono_after) ? 'cleared-too-late' : 'not-recovered');
  const time: Measured = {
    value: end - injection.mono_before,
    uncertainty: injection.mono_after - injection.mono_before,
  };
  return { time, afterRestart: afterRestart(view, window, injection.mono_before, end) };
}

/** Whether every request was ended and none was made after the fault was gone. */
function hadNoChance(requests: readonly RequestSample[], cleared: number | undefined): boolean {
  return cleared !== undefined && requests.every(({ start, end }) => end !== null && start <= cleared);
}

/** End of the first ok request that ended after `since` and after the last failure; null if there is none. */
function servedAgain(requests: readonly RequestSample[], since: number): number | null {
  let lastFailure = since;
  for (const { end, errno } of requests) {
    if (end === null) return null;
    if (errno !== 0) lastFailure = Math.max(lastFailure, end);
  }
  const ends = requests.flatMap(({ end, errno }) => (errno === 0 && end !== null && end > lastFailure ? [end] : []));
  return ends.length === 0 ? null : ends.reduce((a, b) => Math.min(a, b));
}

function afterRestart(view: CellView, window: WindowView, injected: number, servedAt: number): Measured {
  const ready = view.agents.find(
    (agent) =>
      agent.restart &&
      agent.container === window.container.name &&
      agent.mono >= injected &&
      agent.mono <= (window.frame?.mono_end ?? 0),
  );
  if (ready === undefined) return missing('no-restart');
  return servedAt < ready.mono ? missing('recovered-before-restart') : { value: servedAt - ready.mono };
}

/** The windows in which a fault was planned, as its victim saw them. */
export function victimWindows(view: CellView): WindowView[] {
  return view.windows.filter(({ faults, container }) => faults.some(({ plan }) => plan.container === container.name));
}

/**
 * recovery.* of one cell in one boot: the median over the windows in which its answerer was killed, so that a boot is one sample. Who
 * was only stopped lost nothing, and what that costs is in the latencies.
 */
export function recoveryFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const windows = victimWindows(view).filter(({ faults }) => faults.some(({ plan }) => plan.name === 'kill-answerer'));
  const first = windows[0];
  if (first === undefined) return [];
  const recoveries = windows.map((window) => recoveryOf(view, window));
  const { load, container } = first;
  const where = { ...dimensions, ...sliceDimensions({ role: container.role, phase: 'fault', load }) };
  const figure = (name: string, measured: readonly Measured[]): Figure => ({
    name,
    unit: durationUnit(where),
    dimensions: where,
    boot: view.boot,
    measured: typical(measured),
  });
  const figures = [
    figure(
      'recovery.time',
      recoveries.map(({ time }) => time),
    ),
  ];
  // Without an agent of its own there is nobody to restart.
  if (first.container.agent === 'own') {
    figures.push(
      figure(
        'recovery.after_restart',
        recoveries.map(({ afterRestart }) => afterRestart),
      ),
    );
  }
  return figures;
}

/** Null if any is: a median of those that did recover would hide the one that did not. */
export function typical(all: readonly Measured[]): Measured {
  const values: number[] = [];
  let uncertainty: number | undefined;
  for (const measured of all) {
    if (measured.value === null) return measured;
    values.push(measured.value);
    if (measured.uncertainty !== undefined) uncertainty = Math.max(uncertainty ?? 0, measured.uncertainty);
  }
  return { value: median(values), ...(uncertainty === undefined ? {} : { uncertainty }) };
}
