// SPDX-License-Identifier: MIT
/** All metrics of a stored run: one sample a boot, for every boot that was planned to give one. */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { bystanderFigures } from './bystander.ts';
import { cellDimensions, machineDimensions } from './dimensions.ts';
import { type Figure, toMetrics } from './figure.ts';
import { floorFigures, nullActorFigures } from './floors.ts';
import { errnosSeen, upcallFigures } from './latency.ts';
import type { Metric } from './metric.ts';
import { recoveryFigures } from './recovery.ts';
import { stallFigures } from './stall.ts';
import { containerStartFigures, firstSampleFigures } from './starts.ts';

export type { Metric, Sample } from './metric.ts';

/** Pure: the same run gives the same metrics, in the same order. Missing measurements are samples too, with value null. */
export function metricsOf(run: StoredRun): Metric[] {
  const { plan, host } = run.manifest;
  const boots = bootsOf(plan, run.records);
  const perBoot = boots.flatMap((boot): Figure[] => {
    const dimensions = machineDimensions(plan, boot, boots);
    return [...firstSampleFigures(boot, dimensions), ...floorFigures(boot, dimensions)];
  });
  const perCell = plan.cells.flatMap((cell): Figure[] => {
    const views = boots
      .filter((boot) => cellsInBoot(plan, boot.plan).includes(cell))
      .map((boot) => cellView(cell, boot));
    return views.flatMap((view) => {
      const dimensions = { ...cellDimensions(cell), ...machineDimensions(plan, view.boot, boots) };
      if (cell.mechanism.route === 'null') return nullActorFigures(view, dimensions);
      return [
        ...upcallFigures(view, dimensions, (slice) => errnosSeen(views, slice)),
        ...recoveryFigures(view, dimensions),
        ...bystanderFigures(view, dimensions),
        ...stallFigures(view, dimensions),
        ...containerStartFigures(view, dimensions),
      ];
    });
  });
  return toMetrics([...perBoot, ...perCell], host.name);
}
