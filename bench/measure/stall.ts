// SPDX-License-Identifier: MIT
/** How what was measured over the stop of an answerer, in open loop, compares with the model of stall-model.ts. */
import {
  type CellView,
  hitsOf,
  type RequestSample,
  type Slice,
  slicesOf,
  type WindowView,
  windowsOf,
} from '../../results/cell-view.ts';
import type { FrameOf } from '../../results/frames.ts';
import { sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { Histogram, samplesNeeded } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { type StallLatencies, stallLatencies, stallQuantile } from './stall-model.ts';

export const stallQuantiles = [
  ['p90', 0.9],
  ['p99', 0.99],
] as const;

/** A window in which the container's own answerer stood still. */
export interface StalledWindow {
  readonly frame: FrameOf<'window'>;
  readonly rate: number;
  readonly workers: number;
  readonly ms: number;
  /** When the answerer stopped and went on, from the window's start, ns: the middle of the stamps. */
  readonly stoppedNs: number;
  readonly continuedNs: number;
  readonly requests: readonly RequestSample[];
}

/**
 * stall.p90_ratio and stall.p99_ratio of one cell in one boot: the measured percentile, missed starts counting as longer
 * than any, over the one that the model gives for the stamps of the stop. s is the median service in the steady windows of
 * the same load; c the pace at which those were answered that had become due while the answerer stood still.
 *
 * c is taken from the very window it is used for, since nowhere else does a queue stand. So the end of the queue fits by
 * itself, and what is tested is the rest: that latencies count from the due time, that nothing is lost, when the stop began and
 * how long it was, and that the queue is served in order and evenly. Far below capacity c hardly matters (1 − R/c is near 1).
 */
export function stallFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const slices = slicesOf(view.cell).filter(({ phase, load }) => phase === 'fault' && load.startsWith('open:'));
  return slices.flatMap((slice) => {
    // The model knows of one stop, and of nothing else that goes wrong.
    const windows = windowsOf(view, slice).filter(({ faults, plan, container }) => {
      const [only, ...more] = plan.faults ?? [];
      return (
        more.length === 0 && only?.name === 'stop-answerer' && only.container === container.name && faults.length > 0
      );
    });
    if (windows.length === 0) return [];
    return stallQuantiles.map(([name, q]): Figure => {
      const where = { ...dimensions, ...sliceDimensions(slice), outcome: 'ok' };
      return {
        name: `stall.${name}_ratio`,
        unit: '1',
        dimensions: where,
        boot: view.boot,
        measured: ratio(view, slice, windows, q),
      };
    });
  });
}

function ratio(view: CellView, slice: Slice, windows: readonly WindowView[], q: number): Measured {
  const steady = windowsOf(view, { ...slice, phase: 'steady' });
  const reason = obstacle(view, [...windows, ...steady]);
  if (reason !== null) return missing(reason);
  const serviceNs = steadyService(steady);
  if (serviceNs === null) return missing('no-steady-service');
  const stalled: StalledWindow[] = [];
  for (const window of windows) {
    const each = stalledWindow(window);
    if (typeof each === 'string') return missing(each);
    stalled.push(each);
  }
  const predicted: StallLatencies[] = [];
  for (const each of stalled) {
    const capacity = backlogPace(each);
    if (capacity === null) return missing('no-backlog');
    predicted.push(stallLatencies({ ...each, serviceNs, capacity, windowNs: each.ms * 1e6 }));
  }
  const measured = stalled.map(({ frame, requests }) => ({
    latencies: requests.flatMap(({ start, end }) => (end === null ? [] : [end - start])),
    missed: frame.arrivals?.missed ?? 0,
  }));
  const count = measured.reduce((sum, { latencies }) => sum + latencies.length, 0);
  if (count < samplesNeeded(q)) return missing('too-few-samples');
  const [of, to] = [stallQuantile(measured, q), stallQuantile(predicted, q)];
  return of === null || to === null ? missing('missed-starts') : { value: of / to };
}

/** Median service in ns; null if nothing was measured. */
function steadyService(windows: readonly WindowView[]): number | null {
  const services = windows.flatMap(({ frame }) => {
    return frame?.arrivals === undefined ? [] : [Histogram.from(frame.arrivals.service_hist)];
  });
  return Histogram.merged(services).quantile(0.5);
}

/** The window, or why it cannot be compared. */
export function stalledWindow({ frame, plan, container, requests, faults }: WindowView): StalledWindow | string {
  const [fault] = faults;
  if (fault?.inject == null || fault.clear === null) return 'fault-not-reported';
  const { inject, clear } = fault;
  if (hitsOf(fault) === 0) return 'fault-missed';
  if (frame?.arrivals === undefined || plan.rate === undefined) return 'missing-frame';
  if (requests === null) return 'no-samples';
  if (frame.hits !== undefined) return 'mixed-with-hits';
  if (requests.some(({ errno }) => errno !== 0)) return 'failed-requests';
  const at = ({ mono_before, mono_after }: FrameOf<'fault'>) => (mono_before + mono_after) / 2 - frame.mono_start;
  const { rate, ms } = plan;
  const { requesters: workers } = container;
  return { frame, rate, ms, workers, requests, stoppedNs: at(inject), continuedNs: at(clear) };
}

/** So many in a second, of those that became due while the answerer stood still, were answered once it went on; null if none did. */
export function backlogPace({ frame, requests, stoppedNs, continuedNs }: StalledWindow): number | null {
  const [stopped, continued] = [frame.mono_start + stoppedNs, frame.mono_start + continuedNs];
  const ends = requests.flatMap(({ start, end }) =>
    start >= stopped && start < continued && end !== null ? [end] : [],
  );
  const last = ends.reduce((a, b) => Math.max(a, b), 0);
  return last > continued ? (ends.length * 1e9) / (last - continued) : null;
}
