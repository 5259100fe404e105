// SPDX-License-Identifier: MIT
/** How many requests are answered in a second. */
import { type CellView, type Slice, type WindowView, windowsOf } from '../../results/cell-view.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import type { Dimensions } from './metric.ts';

/** upcall.throughput of a slice of one cell in one boot. */
export function throughputFigure(view: CellView, slice: Slice, where: Dimensions): Figure {
  return {
    name: 'upcall.throughput',
    unit: '1/s',
    dimensions: { ...where, outcome: 'ok' },
    boot: view.boot,
    measured: throughputOf(view, windowsOf(view, slice)),
  };
}

/** Requests that were answered while a window was open; by `doubt` at most it may be too many. */
interface Served {
  readonly count: number;
  readonly doubt: number;
}

/**
 * Ok requests of all these windows over the time they were open; windows of one index are one, in several containers. Only
 * those count that ended before their window did: each requester may have one under way then, and where few fit into a window
 * the slow mechanism would gain most from them.
 */
export function throughputOf(view: CellView, windows: readonly WindowView[]): Measured {
  const reason = obstacle(view, windows);
  if (reason !== null) return missing(reason);
  let [count, doubt] = [0, 0];
  const spans = new Map<number, { start: number; end: number }>();
  for (const window of windows) {
    const { index, frame } = window;
    if (frame === null) continue;
    const served = servedIn(window, frame);
    if (served === null) return missing('no-samples');
    count += served.count;
    doubt += served.doubt;
    const span = spans.get(index) ?? { start: frame.mono_start, end: frame.mono_end };
    spans.set(index, {
      start: Math.min(span.start, frame.mono_start),
      end: Math.max(span.end, frame.mono_end),
    });
  }
  const seconds = [...spans.values()].reduce((sum, { start, end }) => sum + end - start, 0) / 1e9;
  if (seconds <= 0) return missing('empty-window');
  return { value: count / seconds, ...(doubt > 0 ? { uncertainty: doubt / seconds } : {}) };
}

/** Null where it is not known, even roughly: in open loop beyond saturation, where most of what is ok may have come too late. */
function servedIn({ plan, container, requests }: WindowView, frame: NonNullable<WindowView['frame']>): Served | null {
  if (frame.in_time !== undefined) return { count: frame.in_time, doubt: 0 };
  // The window of a storm ends when its last round has.
  if (frame.rounds !== undefined) return { count: frame.ok, doubt: 0 };
  // Without a count of them, from a runner of the first protocol or of a batch, in which no clock is read.
  if (requests !== null) {
    const inTime = requests.filter(({ errno, end }) => errno === 0 && end !== null && end <= frame.mono_end);
    return { count: inTime.length, doubt: 0 };
  }
  return plan.rate === undefined ? { count: frame.ok, doubt: Math.min(frame.ok, container.requesters) } : null;
}
