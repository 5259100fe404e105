// SPDX-License-Identifier: MIT
/**
 * How much a bystander is served while another container has nobody to answer: its rate of ok requests then, over its rate in the
 * fault-free windows of the same boot. It stands beside the ratio of p99s because a closed loop that is stuck sends
 * nothing that could be slow: a neighbour cut off for half a second has two slow requests in thousands, and a rate of zero.
 */
import { type CellView, hitsOf, type WindowView, windowsOf } from '../../results/cell-view.ts';
import { hasHelpers } from '../mechanisms/routes.ts';
import { roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import type { Dimensions } from './metric.ts';

/** From the fault to the new agent's word that it is ready; without a new agent, for as long as the plan says. Guest's ns. */
interface Outage {
  readonly from: number;
  readonly to: number;
}

/** Why a bystander where helpers answer has no figures. */
export const distorted = 'search-for-helpers';

/**
 * To kill helpers the runner looks through /proc all the time that an agent would be away, which slows
 * everybody on the guest's processor: what a bystander then sees is the search, not the fault.
 */
export function isDistorted(view: CellView): boolean {
  return hasHelpers(view.cell.mechanism.route);
}

/** The ratio within one boot, or why there is none. */
export function bystanderService(view: CellView): Measured {
  if (isDistorted(view)) return missing(distorted);
  const steady = windowsOf(view, { role: 'bystander', phase: 'steady' });
  const faulty = windowsOf(view, { role: 'bystander', phase: 'fault' });
  const reason = obstacle(view, [...steady, ...faulty]);
  if (reason !== null) return missing(reason);
  const base = rate(
    sum(steady, ({ frame }) => frame?.in_time ?? frame?.ok ?? 0),
    sum(steady, ({ frame }) => (frame === null ? 0 : frame.mono_end - frame.mono_start)),
  );
  if (base === 0) return missing('zero-base');

  let served = 0;
  let time = 0;
  for (const window of faulty) {
    const outage = outageOf(view, window);
    if (outage === null) return missing('fault-missed');
    if (window.requests === null) return missing('no-samples');
    const { from, to } = outage;
    served += window.requests.filter(({ errno, end }) => errno === 0 && end !== null && end > from && end <= to).length;
    time += to - from;
  }
  return { value: rate(served, time) / base };
}

/** From the first injection of this window to the last clearing; null if nothing was hit. */
function outageOf(view: CellView, { index }: WindowView): Outage | null {
  const faults = view.windows.filter((window) => window.index === index).flatMap((window) => window.faults);
  const spans = faults.flatMap((fault): Outage[] => {
    const { plan, inject, clear } = fault;
    if (inject === null || hitsOf(fault) === 0) return [];
    return [
      { from: inject.mono_before, to: clear?.mono_after ?? inject.mono_before + (plan.untilMs - plan.atMs) * 1e6 },
    ];
  });
  if (spans.length === 0) return null;
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

function rate(count: number, ns: number): number {
  return ns > 0 ? count / ns : 0;
}

function sum(windows: readonly WindowView[], of: (window: WindowView) => number): number {
  return windows.reduce((total, window) => total + of(window), 0);
}

/** bystander.service_ratio of one cell in one boot. */
export function bystanderServiceFigure(view: CellView, dimensions: Dimensions): Figure {
  return {
    name: 'bystander.service_ratio',
    unit: '1',
    dimensions: { ...dimensions, ...roleDimensions(view.cell, 'bystander') },
    boot: view.boot,
    measured: bystanderService(view),
  };
}
