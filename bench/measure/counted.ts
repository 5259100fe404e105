// SPDX-License-Identifier: MIT
/** What upcalls take in guests that count instructions: each request's own count, for whoever compares them. */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView, type Slice, slicesOf, windowsOf } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { hostOf } from '../../results/shards.ts';
import { isFloor } from '../mechanisms/routes.ts';
import { meanCount, noneOk, typicalCount } from './counted-names.ts';
import { cellDimensions, durationUnit, machineDimensions, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle, toMetrics } from './figure.ts';
import type { Dimensions, Metric } from './metric.ts';

/** Both figures of each cell, floors left out; nothing of a run on another clock. */
export function countedMetrics(run: StoredRun): Metric[] {
  const { plan } = run.manifest;
  if (plan.clock !== 'icount') return [];
  const boots = bootsOf(plan, run.records);
  const figures = plan.cells
    .filter(({ mechanism }) => !isFloor(mechanism.route))
    .flatMap((cell) =>
      boots
        .filter((boot) => cellsInBoot(plan, boot.plan).includes(cell))
        .flatMap((boot) =>
          countedFigures(cellView(cell, boot), { ...cellDimensions(cell), ...machineDimensions(plan, boot, boots) }),
        ),
    );
  return toMetrics(figures, hostOf(run.manifest));
}

function countedFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return slicesOf(view.cell)
    .filter(({ phase }) => phase !== 'batch')
    .flatMap((slice) => {
      const measured = countsOf(view, slice);
      const unit = durationUnit(dimensions, view, windowsOf(view, slice));
      const where = { ...dimensions, ...sliceDimensions(slice), outcome: 'ok' };
      return [typicalCount, meanCount].map((name) => ({ name, unit, dimensions: where, boot: view.boot, measured }));
    });
}

/** Their mean, and all of them, ascending. */
function countsOf(view: CellView, slice: Slice): Measured {
  const windows = windowsOf(view, slice);
  const reason = obstacle(view, windows);
  if (reason !== null) return missing(reason);
  if (windows.some(({ requests }) => requests === null)) return missing('no-samples');
  const requests = windows
    .flatMap((window) => window.requests ?? [])
    .flatMap(({ start, end, errno }) => (errno === 0 && end !== null ? [end - start] : []))
    .sort((a, b) => a - b);
  if (requests.length === 0) return missing(noneOk);
  return { value: requests.reduce((sum, each) => sum + each, 0) / requests.length, requests };
}
