// SPDX-License-Identifier: MIT
/** All metrics of a stored run: one sample a boot, for every boot that was planned to give one. */
import { type BootView, bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView } from '../../results/cell-view.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { hostOf } from '../../results/shards.ts';
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
import { nestingFigures } from './nesting.ts';
import { overFloorFigures } from './over-floor.ts';
import { recoveryFigures } from './recovery.ts';
import { partsSeen, stageFigures } from './stages.ts';
import { stallFigures } from './stall.ts';
import { containerStartFigures, firstSampleFigures } from './starts.ts';
import { steadyFigures } from './steady.ts';
import { stormFigures } from './storms.ts';

/** The cells of a boot that differ in nothing but how deep their requesters run, mechanism by mechanism. */
function nestsIn(plan: Plan, boot: BootView): CellPlan[][] {
  const nests = new Map<string, CellPlan[]>();
  for (const cell of cellsInBoot(plan, boot.plan).filter(({ containers }) => containers[0]?.depth !== undefined)) {
    const key = `${cell.scenario} ${cell.mechanism.name}`;
    nests.set(key, [...(nests.get(key) ?? []), cell]);
  }
  return [...nests.values()];
}

export type { Metric, Sample } from './metric.ts';

/** Pure: the same run gives the same metrics, in the same order. Missing measurements are samples too, with value null. */
export function metricsOf(run: StoredRun): Metric[] {
  const { plan } = run.manifest;
  const boots = bootsOf(plan, run.records);
  const perBoot = boots.flatMap((boot): Figure[] => {
    const dimensions = machineDimensions(plan, boot, boots);
    return [
      ...firstSampleFigures(boot, dimensions),
      ...floorFigures(boot, dimensions),
      ...harnessFigures(boot, dimensions),
    ];
  });
  const cellsOf = boots.map((boot) => ({ boot, cells: new Set(cellsInBoot(plan, boot.plan)) }));
  const viewed = plan.cells.map((cell) => ({
    cell,
    views: cellsOf.filter(({ cells }) => cells.has(cell)).map(({ boot }) => cellView(cell, boot)),
  }));
  const floors = viewed.filter(({ cell }) => isFloor(cell.mechanism.route)).flatMap(({ views }) => views);
  const perCell = viewed.flatMap(({ cell, views }): Figure[] => {
    const parts = partsSeen(views);
    return views.flatMap((view) => {
      const dimensions = { ...cellDimensions(cell), ...machineDimensions(plan, view.boot, boots) };
      const ofAll = [hitFigures, stormFigures, hammerFigures, meterFigures].flatMap((of) => of(view, dimensions));
      const floor = floors.find((other) => other.boot === view.boot && other.cell.scenario === cell.scenario);
      if (isFloor(cell.mechanism.route)) return [...nullActorFigures(view, dimensions), ...ofAll];
      const ofUpcalls = [
        arrivalFigures,
        fairnessFigures,
        recoveryFigures,
        steadyFigures,
        stallFigures,
        bystanderFigures,
        containerStartFigures,
      ];
      return [
        ...upcallFigures(view, dimensions, (slice) => errnosSeen(views, slice)),
        ...ofUpcalls.flatMap((of) => of(view, dimensions)),
        ...stageFigures(view, dimensions, parts),
        ...overFloorFigures(view, dimensions, floor),
        ...ofAll,
      ];
    });
  });
  const perNest = boots
    .flatMap((boot) => nestsIn(plan, boot).map((cells) => cells.map((cell) => cellView(cell, boot))))
    .flatMap((views) => {
      const [first] = views as [CellView, ...CellView[]];
      const { depth: _, ...same } = cellDimensions(first.cell);
      return nestingFigures(views, { ...same, ...machineDimensions(plan, first.boot, boots) });
    });
  return toMetrics([...perBoot, ...perCell, ...perNest], hostOf(run.manifest));
}
