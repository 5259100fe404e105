// SPDX-License-Identifier: MIT
/**
 * How far a mechanism is from what an answer by another process must cost: the kernel's key machinery (null-actor) and waking
 * somebody and being woken again (an eventfd ping-pong), all measured in the same boot.
 */
import type { BootView } from '../../results/boots.ts';
import { type CellView, rolesOf } from '../../results/cell-view.ts';
import { isFloor } from '../mechanisms/routes.ts';
import { roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import { floorFigures, nullActorFigures } from './floors.ts';
import { Histogram } from './histogram.ts';
import { okLatencies } from './latency.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf } from './quantile.ts';

/**
 * upcall.over_floor of one cell in one boot: its fault-free p50 over the sum of the floors' p50s. `floor` is the cell of the null
 * actor under the same scenario in this boot; without one, and in storms, there is nothing to compare with.
 */
export function overFloorFigures(view: CellView, dimensions: Dimensions, floor: CellView | undefined): Figure[] {
  const steady = view.cell.windows.some(
    ({ fault, rate, timing, stages }) => !fault && rate === undefined && timing !== 'batch' && !stages,
  );
  if (floor === undefined || isFloor(view.cell.mechanism.route) || view.cell.requests.kind !== 'fresh' || !steady)
    return [];
  return rolesOf(view.cell).map((role) => {
    const latencies = okLatencies(view, { role, phase: 'steady' });
    const own = latencies instanceof Histogram ? quantileOf(latencies, 0.5) : missing(latencies.reason);
    return {
      name: 'upcall.over_floor',
      unit: '1',
      dimensions: { ...dimensions, ...roleDimensions(view.cell, role), phase: 'steady' },
      boot: view.boot,
      measured: ratio(own, leastOf(view.boot, floor)),
    };
  });
}

/** p50 of the null actor plus p50 of the eventfd ping-pong. */
function leastOf(boot: BootView, floor: CellView): Measured {
  const [machinery] = nullActorFigures(floor, {});
  const roundTrip = floorFigures(boot, {}).find(({ name }) => name === 'floor.eventfd.p50');
  const [a, b] = [machinery?.measured ?? missing('not-measured'), roundTrip?.measured ?? missing('not-measured')];
  if (a.value === null) return a;
  return b.value === null ? b : { value: a.value + b.value };
}

function ratio(own: Measured, least: Measured): Measured {
  if (own.value === null) return missing(own.reason);
  if (least.value === null) return missing(least.reason);
  return least.value > 0 ? { value: own.value / least.value } : missing('zero-base');
}
