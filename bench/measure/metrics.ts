// SPDX-License-Identifier: MIT
/** All metrics of a stored run: one sample a boot, for every boot that was planned to give one. */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { cellView } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { isFloor } from '../mechanisms/routes.ts';
import { arrivalFigures } from './arrivals.ts';
import { bystanderFigures } from './bystander.ts';
import { cellDimensions, machineDimensions } from './dimensions.ts';
import { fairnessFigures } from './fairness.ts';
import { type Figure, toMetrics } from './figure.ts';
import { floorFigures, nullActorFigures } from './floors.ts';
import { hammerFigures } from './hammer.ts';
import { harnessFigures } from './harness.ts';
import { hitFigures } from './hits.ts';
import { errnosSeen, upcallFigures } from './latency.ts';
import { meterFigures } from './meters.ts';
import type { Metric } from './metric.ts';
import { recoveryFigures } from './recovery.ts';
import { stallFigures } from './stall.ts';
import { containerStartFigures, firstSampleFigures } from './starts.ts';
import { stormFigures } from './storms.ts';

export type { Metric, Sample } from './metric.ts';

/** Pure: the same run gives the same metrics, in the same order. Missing measurements are samples too, with value null. */
export function metricsOf(run: StoredRun): Metric[] {
  const { plan, host } = run.manifest;
  const boots = bootsOf(plan, run.records);
  const perBoot = boots.flatMap((boot): Figure[] => {
    const dimensions = machineDimensions(plan, boot, boots);
    return [
      ...firstSampleFigures(boot, dimensions),
      ...floorFigures(boot, dimensions),
      ...harnessFigures(boot, dimensions),
    ];
  });
  const perCell = plan.cells.flatMap((cell): Figure[] => {
    const views = boots
      .filter((boot) => cellsInBoot(plan, boot.plan).includes(cell))
      .map((boot) => cellView(cell, boot));
    return views.flatMap((view) => {
      const dimensions = { ...cellDimensions(cell), ...machineDimensions(plan, view.boot, boots) };
      const ofAll = [hitFigures, stormFigures, hammerFigures, meterFigures].flatMap((of) => of(view, dimensions));
      if (isFloor(cell.mechanism.route)) return [...nullActorFigures(view, dimensions), ...ofAll];
      const ofUpcalls = [
        arrivalFigures,
        fairnessFigures,
        recoveryFigures,
        stallFigures,
        bystanderFigures,
        containerStartFigures,
      ];
      return [
        ...upcallFigures(view, dimensions, (slice) => errnosSeen(views, slice)),
        ...ofUpcalls.flatMap((of) => of(view, dimensions)),
        ...ofAll,
      ];
    });
  });
  return toMetrics([...perBoot, ...perCell], host.name);
}
