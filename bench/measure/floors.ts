// SPDX-License-Identifier: MIT
/** Floors: what nothing can be faster than, measured in the same boot as what is compared with it. */
import { type BootView, framesOf } from '../../results/boots.ts';
import { type CellView, rolesOf, windowsOf } from '../../results/cell-view.ts';
import { floorNames } from '../../results/plan.ts';
import { durationUnit, roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, reasonOf } from './figure.ts';
import { Histogram } from './histogram.ts';
import { okLatencies } from './latency.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf } from './quantile.ts';

/** floor.syscall|add_key|eventfd|vfork_exec.p50 of a boot, for those in its plan. */
export function floorFigures(boot: BootView, dimensions: Dimensions): Figure[] {
  const steps = boot.plan.steps.flatMap((step) => (step.kind === 'floor' ? [step.floor] : []));
  return floorNames
    .filter((name) => steps.includes(name))
    .map((name) => ({
      name: `floor.${name}.p50`,
      unit: durationUnit(dimensions),
      dimensions,
      boot,
      measured: floorMedian(boot, name, steps.filter((step) => step === name).length),
    }));
}

function floorMedian(boot: BootView, name: string, planned: number): Measured {
  const frames = framesOf(boot, 'floor').filter((frame) => frame.name === name);
  if (frames.length < planned) return missing(reasonOf(boot));
  return quantileOf(Histogram.merged(frames.map(({ hist }) => Histogram.from(hist))), 0.5);
}

/**
 * floor.null_actor.p50 of a cell with route null: the cost of the key machinery alone. No upcall happens there. None in a storm, where
 * a request waits for those that began with it: there the floor of a round is storm.round.
 */
export function nullActorFigures(view: CellView, dimensions: Dimensions): Figure[] {
  if (view.cell.requests.kind !== 'fresh') return [];
  return rolesOf(view.cell).map((role) => {
    const slice = { role, phase: 'steady' } as const;
    const latencies = okLatencies(view, slice);
    return {
      name: 'floor.null_actor.p50',
      unit: durationUnit(dimensions, view, windowsOf(view, slice)),
      dimensions: { ...dimensions, ...roleDimensions(view.cell, role) },
      boot: view.boot,
      measured: latencies instanceof Histogram ? quantileOf(latencies, 0.5) : missing(latencies.reason),
    };
  });
}
