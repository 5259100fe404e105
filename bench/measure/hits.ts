// SPDX-License-Identifier: MIT
/** Requests for keys that the requester has already: what a request costs that is no upcall. */
import { type CellView, slicesOf, windowsOf } from '../../results/cell-view.ts';
import { missedStarts } from './arrivals.ts';
import { durationUnit, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { Histogram } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf, usualQuantiles } from './quantile.ts';

/** hit.latency.* of one cell in one boot; none where nobody asks for such keys. */
export function hitFigures(view: CellView, dimensions: Dimensions): Figure[] {
  if (view.cell.requests.hitPercent === 0) return [];
  return slicesOf(view.cell).flatMap((slice) => {
    const windows = windowsOf(view, slice);
    const frames = windows.flatMap(({ frame }) => (frame?.hits === undefined ? [] : [frame.hits]));
    const reason = obstacle(view, windows);
    const hits = Histogram.merged(frames.map(({ hist }) => Histogram.from(hist)));
    // Which of the missed starts would have been hits nobody knows: each may have been.
    const missed = missedStarts(view, slice);
    const quantile = (q: number): Measured => (reason === null ? quantileOf(hits, q, missed) : missing(reason));
    return usualQuantiles.map(
      ([name, q]): Figure => ({
        name: `hit.latency.${name}`,
        unit: durationUnit(dimensions, view, windows),
        dimensions: { ...dimensions, ...sliceDimensions(slice), outcome: 'ok' },
        boot: view.boot,
        measured: quantile(q),
      }),
    );
  });
}
