// SPDX-License-Identifier: MIT
/** Open loop: what requesters saw from the actual start on, and starts made late or never for lack of a free one. */
import { type CellView, type Slice, slicesOf, type WindowView, windowsOf } from '../../results/cell-view.ts';
import { durationUnit, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { Histogram } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf, usualQuantiles } from './quantile.ts';

/** Starts of a slice that were due and never made; 0 in closed loop, where there is no such thing. */
export function missedStarts(view: CellView, slice: Slice): number {
  return windowsOf(view, slice).reduce((sum, { frame }) => sum + (frame?.arrivals?.missed ?? 0), 0);
}

/** upcall.service.*, upcall.late_starts and upcall.missed_starts of one cell in one boot. */
export function arrivalFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const open = slicesOf(view.cell).filter(({ load }) => load.startsWith('open:'));
  return open.flatMap((slice) => {
    const windows = windowsOf(view, slice);
    const where = { ...dimensions, ...sliceDimensions(slice) };
    const reason = obstacle(view, windows);
    const { boot } = view;
    const count = (name: string, of: 'late' | 'missed'): Figure => ({
      name,
      unit: '1',
      dimensions: where,
      boot,
      measured: reason === null ? { value: sum(windows, of) } : missing(reason),
    });
    const services = Histogram.merged(
      windows.flatMap(({ frame }) => (frame?.arrivals ? [Histogram.from(frame.arrivals.service_hist)] : [])),
    );
    const quantile = (q: number): Measured => (reason === null ? quantileOf(services, q) : missing(reason));
    return [
      // What was never started has no service that could count as long: these are of the starts that were made.
      ...usualQuantiles.map(
        ([name, q]): Figure => ({
          name: `upcall.service.${name}`,
          unit: durationUnit(where),
          dimensions: { ...where, outcome: 'ok' },
          boot,
          measured: quantile(q),
        }),
      ),
      count('upcall.late_starts', 'late'),
      count('upcall.missed_starts', 'missed'),
    ];
  });
}

function sum(windows: readonly WindowView[], of: 'late' | 'missed'): number {
  return windows.reduce((total, { frame }) => total + (frame?.arrivals?.[of] ?? 0), 0);
}
