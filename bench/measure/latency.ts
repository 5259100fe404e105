// SPDX-License-Identifier: MIT
/** How long upcalls take, how many are answered in a second, and how many fail: per cell, role, phase and load. */
import { type CellView, type Slice, slicesOf, windowsOf } from '../../results/cell-view.ts';
import { missedStarts } from './arrivals.ts';
import { durationUnit, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { Histogram } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf, usualQuantiles } from './quantile.ts';
import { throughputFigure } from './throughput.ts';

export const percentiles = [...usualQuantiles, ['p999', 0.999]] as const;

/** Latencies of the ok requests of a slice, all windows and containers together; or why they are not to be had. */
export function okLatencies(view: CellView, slice: Partial<Slice>): Histogram | { readonly reason: string } {
  const windows = windowsOf(view, slice);
  const reason = obstacle(view, windows);
  if (reason !== null) return { reason };
  return Histogram.merged(windows.flatMap(({ frame }) => (frame === null ? [] : [Histogram.from(frame.hist)])));
}

/** upcall.latency.*, upcall.throughput, upcall.errors and upcall.error_share of one cell in one boot. `errnos`: which to count one by one. */
export function upcallFigures(
  view: CellView,
  dimensions: Dimensions,
  errnos: (slice: Slice) => readonly string[],
): Figure[] {
  return slicesOf(view.cell).flatMap((slice) => {
    const where = { ...dimensions, ...sliceDimensions(slice) };
    return [
      ...latencyFigures(view, slice, where),
      throughputFigure(view, slice, where),
      ...errorFigures(view, slice, where, errnos(slice)),
    ];
  });
}

function latencyFigures(view: CellView, slice: Slice, where: Dimensions): Figure[] {
  // Nobody looked at the clock between the requests of a batch.
  if (slice.phase === 'batch') return [];
  const missed = missedStarts(view, slice);
  const latencies = okLatencies(view, slice);
  const figure = (quantile: string, measured: Measured): Figure => ({
    name: `upcall.latency.${quantile}`,
    unit: durationUnit(where, view, windowsOf(view, slice)),
    dimensions: { ...where, outcome: 'ok' },
    boot: view.boot,
    measured,
  });
  if (!(latencies instanceof Histogram)) {
    return [...percentiles.map(([name]) => name), 'max'].map((name) => figure(name, missing(latencies.reason)));
  }
  return [
    ...percentiles.map(([name, q]) => figure(name, quantileOf(latencies, q, missed))),
    figure('max', maxOf(latencies, missed)),
  ];
}

function maxOf({ max }: Histogram, missed: number): Measured {
  if (missed > 0) return missing('missed-starts');
  return max === null ? missing('no-ok-requests') : { value: max };
}

function errorFigures(view: CellView, slice: Slice, where: Dimensions, errnos: readonly string[]): Figure[] {
  const windows = windowsOf(view, slice);
  const reason = obstacle(view, windows);
  const counted = (errno: string): number =>
    windows.reduce((sum, { frame }) => {
      if (frame === null) return sum;
      return sum + (errno === allErrnos ? totalErrors(frame.errors) : (frame.errors[errno] ?? 0));
    }, 0);
  const ended = windows.reduce(
    (sum, { frame }) => sum + (frame === null ? 0 : frame.ok + totalErrors(frame.errors)),
    0,
  );
  const figure = (name: string, errno: string, measured: Measured): Figure => ({
    name,
    unit: '1',
    dimensions: { ...where, outcome: 'error', errno },
    boot: view.boot,
    measured: reason === null ? measured : missing(reason),
  });
  return [allErrnos, ...errnos].flatMap((errno) => [
    figure('upcall.errors', errno, { value: counted(errno) }),
    figure('upcall.error_share', errno, ended > 0 ? { value: counted(errno) / ended } : missing('no-requests')),
  ]);
}

/** The `errno` dimension of the count of all errors together. */
export const allErrnos = 'all';

export function totalErrors(errors: Readonly<Record<string, number>>): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

/** Errnos to count one by one in every boot: those expected and those seen in any, so that no boot lacks a sample. */
export function errnosSeen(views: readonly CellView[], slice: Slice): string[] {
  const seen = views.flatMap((view) => [
    ...view.cell.expectedErrors,
    ...windowsOf(view, slice).flatMap(({ frame }) => Object.keys(frame?.errors ?? {})),
  ]);
  return [...new Set(seen)].sort();
}
