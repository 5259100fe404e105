// SPDX-License-Identifier: MIT
/** Which metric of one side is held against which of the other. */
import { cellDimensions } from '../measure/dimensions.ts';
import { type Dimensions, foldedUnit, type Metric, type Unit } from '../measure/metric.ts';
import { type Side, type Sides, sharedDimensions } from './side.ts';

export interface Match {
  /** Of both: virtual time where either is. */
  readonly unit: Unit;
  readonly dimensions: Dimensions;
  readonly base: Metric;
  readonly new: Metric;
}

/**
 * In the order of base's, then what new alone has. Of a cell that both sides measured, a metric that one of them lacks is without a sample there, so that
 * it is not left out without a word.
 */
export function matched({ kind, base, new: other }: Sides): Match[] {
  const keyOf = ({ name, unit, dimensions }: Metric) => {
    const shared = sharedDimensions(kind, dimensions);
    return JSON.stringify([name, foldedUnit(unit), Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1))]);
  };
  const matchOf = (one: Metric, two: Metric): Match => ({
    unit: one.unit === two.unit ? one.unit : foldedUnit(one.unit),
    dimensions: sharedDimensions(kind, one.dimensions),
    base: one,
    new: two,
  });
  const known = new Set(base.metrics.map(keyOf));
  const others = new Map(other.metrics.map((metric) => [keyOf(metric), metric]));
  const [inBase, inNew] = [cellsOf(kind, base), cellsOf(kind, other)];
  const ofBase = base.metrics.flatMap((metric) => {
    const twin = others.get(keyOf(metric));
    if (twin !== undefined) return [matchOf(metric, twin)];
    return inNew(metric) ? [matchOf(metric, withoutSamples(metric))] : [];
  });
  const ofNewAlone = [...others]
    .filter(([key, metric]) => !known.has(key) && inBase(metric))
    .map(([, metric]) => matchOf(withoutSamples(metric), metric));
  return [...ofBase, ...ofNewAlone];
}

/** Whether that side measured the cell that a metric is of. */
function cellsOf(kind: Sides['kind'], { run, mechanism }: Side): (metric: Metric) => boolean {
  const keyOf = ({ scenario, mechanism: own, depth }: Dimensions) =>
    JSON.stringify([scenario, kind === 'runs' ? own : null, depth]);
  const cells = run.manifest.plan.cells.filter((cell) => mechanism === null || cell.mechanism.name === mechanism);
  const keys = new Set(cells.map((cell) => keyOf(cellDimensions(cell))));
  return ({ dimensions }) => keys.has(keyOf(dimensions));
}

function withoutSamples(metric: Metric): Metric {
  return { ...metric, samples: [] };
}
