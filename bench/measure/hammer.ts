// SPDX-License-Identifier: MIT
/**
 * What it costs to time each request by itself: throughput in windows that are timed so, against neighbours in which the clock is
 * read twice in 1,000 requests.
 */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView, rolesOf } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { cellDimensions, machineDimensions, roleDimensions } from './dimensions.ts';
import type { Figure, Measured } from './figure.ts';
import type { Dimensions } from './metric.ts';
import { blockLogs, isStudied, overheadOf, type Study } from './paired-windows.ts';

/** Timed one by one, against batches. */
const timing: Study = ({ faults, rate, stages, timing }) => {
  if (faults !== undefined || rate !== undefined || stages === true) return null;
  return timing === 'batch' ? 'without' : 'with';
};

/** hammer.overhead of one cell in one boot; none where windows are not timed in both ways. */
export function hammerFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return rolesOf(view.cell)
    .filter(() => isStudied(view.cell, timing))
    .map((role) => ({
      name: 'hammer.overhead',
      unit: '1',
      dimensions: { ...dimensions, ...roleDimensions(view.cell, role) },
      boot: view.boot,
      measured: overheadOf(blockLogs(view, role, timing)),
    }));
}

/** One cell's overhead over all boots that measured it. */
export interface HammerOverhead {
  readonly dimensions: Dimensions;
  /** Share of the throughput that is lost, with its interval; or why there is none. */
  readonly overhead: Measured;
  /** Pairs of windows in the blocks. */
  readonly pairs: number;
  readonly boots: number;
}

/**
 * The blocks of all boots of a run as one sample, for each cell and role. How much boots differ is not in its interval: the samples
 * of the metric show that.
 */
export function hammerOverheads(run: StoredRun): HammerOverhead[] {
  const { plan } = run.manifest;
  const boots = bootsOf(plan, run.records);
  return plan.cells.flatMap((cell) => {
    const views = boots
      .filter((boot) => cellsInBoot(plan, boot.plan).includes(cell))
      .map((boot) => cellView(cell, boot));
    const [first] = views;
    if (first === undefined || !isStudied(cell, timing)) return [];
    return rolesOf(cell).map((role): HammerOverhead => {
      const logs = views.map((view) => blockLogs(view, role, timing));
      const measured = logs.flatMap((each) => ('values' in each ? [each.values] : []));
      const reason = logs.find((each) => 'reason' in each);
      const machine = machineDimensions(plan, first.boot, boots);
      return {
        dimensions: { ...cellDimensions(cell), ...machine, ...roleDimensions(cell, role) },
        overhead: overheadOf(measured.length === 0 && reason !== undefined ? reason : { values: measured.flat() }),
        pairs: 2 * measured.reduce((sum, { length }) => sum + length, 0),
        boots: measured.length,
      };
    });
  });
}
