// SPDX-License-Identifier: MIT
/**
 * recovery.steady_time: how long after its faults were cleared a container was served again as before them. From the last clearing of a
 * window (its stamp `mono_after`; helpers, of whom nobody takes the place, were killed until the planned time) to the earliest moment,
 * in steps of 10 ms, from which on, for `steadyWindowMs` (or as long as ten requests took before), no request of the victim failed and the median of those that ended was at most `steadyFactor`
 * times the median of the same window's requests that had ended before the first injection. 0: it was so at once. Both numbers are
 * declared here, not fitted: a service that is twice as slow as before is not yet itself again.
 */
import type { CellView, RequestSample, WindowView } from '../../results/cell-view.ts';
import { durationUnit, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { median } from './median.ts';
import type { Dimensions } from './metric.ts';
import { typical, victimWindows } from './recovery.ts';

export const steadyWindowMs = 200;
export const steadyFactor = 2;
/** How finely the moment is told. */
const stepMs = 10;
/** Fewer requests before the fault, or within the span that is looked at, make no median. */
const leastRequests = 5;

/** One sample a boot: the median over its windows with faults. */
export function steadyFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const windows = victimWindows(view);
  const [first] = windows;
  if (first === undefined) return [];
  const where = {
    ...dimensions,
    ...sliceDimensions({ role: first.container.role, phase: 'fault', load: first.load }),
  };
  const measured = typical(windows.map((window) => steadyTime(view, window)));
  return [{ name: 'recovery.steady_time', unit: durationUnit(where), dimensions: where, boot: view.boot, measured }];
}

/** Of one window; null with 'not-steady' if it never came to that. */
export function steadyTime(view: CellView, window: WindowView): Measured {
  const reason = obstacle(view, [window]);
  if (reason !== null) return missing(reason);
  const { requests, faults, frame } = window;
  if (requests === null || frame === null) return missing('no-samples');
  const injected = faults.map(({ inject }) => inject?.mono_before);
  if (injected.some((at) => at === undefined)) return missing('fault-not-reported');
  const began = Math.min(...injected.map((at) => at ?? 0));
  const cleared = Math.max(
    ...faults.map(
      ({ plan, inject, clear }) => clear?.mono_after ?? (inject?.mono_before ?? 0) + (plan.untilMs - plan.atMs) * 1e6,
    ),
  );
  const before = requests.filter(({ end, errno }) => errno === 0 && end !== null && end < began);
  if (before.length < leastRequests) return missing('too-few-samples');
  const limit = steadyFactor * median(before.map(latencyOf));
  const interval = (began - frame.mono_start) / before.length;
  const span = Math.max(steadyWindowMs * 1e6, 2 * leastRequests * interval);
  const from = steadyFrom(requests, { cleared, end: frame.mono_end, limit, span });
  return from === null ? missing('not-steady') : { value: from - cleared };
}

const latencyOf = ({ start, end }: RequestSample): number => (end ?? Number.POSITIVE_INFINITY) - start;

/** Looks at one moment after the other; requests in order of their end. */
function steadyFrom(
  all: readonly RequestSample[],
  { cleared, end, limit, span }: Readonly<Record<'cleared' | 'end' | 'limit' | 'span', number>>,
): number | null {
  const lost = all.flatMap((request) => (request.end === null ? [request.start] : []));
  const ended = all
    .flatMap((request) => (request.end !== null && request.end > cleared ? [{ ...request, end: request.end }] : []))
    .sort((a, b) => a.end - b.end);
  let [first, next] = [0, 0];
  for (let at = cleared; at + span <= end; at += stepMs * 1e6) {
    while (first < ended.length && (ended[first]?.end ?? 0) <= at) first++;
    while (next < ended.length && (ended[next]?.end ?? 0) <= at + span) next++;
    const within = ended.slice(first, next);
    if (within.length < leastRequests || within.some(({ errno }) => errno !== 0)) continue;
    if (lost.some((start) => start <= at + span)) continue;
    if (median(within.map(latencyOf)) <= limit) return at;
  }
  return null;
}
