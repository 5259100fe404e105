// SPDX-License-Identifier: MIT
/**
 * How far a mechanism is from what an answer by another process must cost: the kernel's key machinery (null-actor) and waking
 * somebody and being woken again (an eventfd ping-pong), all measured in the same boot.
 */
import type { BootView } from '../../results/boots.ts';
import { type CellView, slicesOf } from '../../results/cell-view.ts';
import { sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import { floorFigures, nullActorFigures } from './floors.ts';
import { Histogram } from './histogram.ts';
import { okLatencies } from './latency.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf } from './quantile.ts';

/** Why there is none where the null actor was not measured under the same scenario. */
export const noFloor = 'no-null-actor';

/**
 * upcall.over_floor of one cell in one boot: its fault-free closed-loop p50 over the sum of the floors' p50s. `floor` is the cell of the null
 * actor under the same scenario in this boot. In storms there is nothing to compare with.
 */
export function overFloorFigures(view: CellView, dimensions: Dimensions, floor: CellView | undefined): Figure[] {
  if (view.cell.requests.kind !== 'fresh') return [];
  return slicesOf(view.cell)
    .filter(({ phase, load }) => phase === 'steady' && load.startsWith('closed:'))
    .map((slice) => {
      const latencies = okLatencies(view, slice);
      const own = latencies instanceof Histogram ? quantileOf(latencies, 0.5) : missing(latencies.reason);
      return {
        name: 'upcall.over_floor',
        unit: '1',
        dimensions: { ...dimensions, ...sliceDimensions(slice) },
        boot: view.boot,
        measured: floor === undefined ? missing(noFloor) : ratio(own, leastOf(view.boot, floor)),
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
