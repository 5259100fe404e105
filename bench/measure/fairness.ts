// SPDX-License-Identifier: MIT
/** Whether containers that ask alike are served alike: 1 if each gets as much as any, 0 if one gets nothing. */
import { type CellView, type Slice, slicesOf, windowsOf } from '../../results/cell-view.ts';
import { sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import type { Dimensions } from './metric.ts';

/** upcall.fairness of one cell in one boot: the least over the greatest number of requests of a container that were answered in the windows, where a role has several. */
export function fairnessFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return slicesOf(view.cell)
    .filter(({ role }) => view.cell.containers.filter((container) => container.role === role).length > 1)
    .map((slice) => ({
      name: 'upcall.fairness',
      unit: '1',
      dimensions: { ...dimensions, ...sliceDimensions(slice) },
      boot: view.boot,
      measured: fairness(view, slice),
    }));
}

function fairness(view: CellView, slice: Slice): Measured {
  const windows = windowsOf(view, slice);
  const reason = obstacle(view, windows);
  if (reason !== null) return missing(reason);
  // Not those that were under way when the window ended: a container that was never served in it has one as well.
  const served = new Map<string, number>();
  for (const { container, frame } of windows) {
    served.set(container.name, (served.get(container.name) ?? 0) + (frame?.in_time ?? frame?.ok ?? 0));
  }
  const counts = [...served.values()];
  const greatest = Math.max(...counts);
  return greatest > 0 ? { value: Math.min(...counts) / greatest } : missing('no-ok-requests');
}
