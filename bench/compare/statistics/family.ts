// SPDX-License-Identifier: MIT
/**
 * Several metrics tested together: the step-down maxT procedure of Westfall and Young (1993). Boots are relabelled as a whole, so that metrics
 * that move together (a p50 and a throughput) are not counted as if each had had a chance of its own, and what is asked of a boot's figures is
 * only that, were there no difference, it would not matter which boot is called new.
 */
import { asTheyWere, type Relabellings, relabellings } from './relabelling.ts';
import { mean, type Shape, shapeOf, type Values } from './values.ts';

export interface Tested {
  /** How likely it is that, were there no difference in any metric, any would look as different as this one: corrected for all. */
  readonly chance: number;
  /** The t statistic of the difference; infinite if it does not scatter at all. */
  readonly t: number;
}

export interface Family {
  /** In the order of what was tested. */
  readonly tested: readonly Tested[];
  /** A |t| above this would have been found, whichever metric has it. Null: no difference would have, however large. */
  readonly critical: number | null;
  readonly relabellings: Pick<Relabellings, 'kind' | 'count'>;
}

/** Two statistics that differ by less differ by rounding. */
const rounding = 1e-9;

/** @throws RangeError if there is nothing, or the values differ in shape. */
export function testTogether(family: readonly Values[], alpha: number): Family {
  const [first] = family;
  if (first === undefined) throw new RangeError('no metric to test');
  const shape = shapeOf(first);
  const evaluate = statisticsOf(shape, family);
  const observed = evaluate(asTheyWere(shape)).slice();
  const falling = Array.from(observed.keys()).sort((a, b) => (observed[b] as number) - (observed[a] as number));
  const { kind, count, others } = relabellings(shape);
  // What was seen is one of the relabellings.
  const asExtreme = new Float64Array(family.length).fill(1);
  const greatest: number[] = [];
  for (const labels of others()) {
    const statistics = evaluate(labels);
    let most = 0;
    // From the least: each is held against those that are no more extreme than itself.
    for (let k = falling.length - 1; k >= 0; k--) {
      const at = falling[k] as number;
      most = Math.max(most, statistics[at] as number);
      if (most >= (observed[at] as number) * (1 - rounding)) (asExtreme[k] as number)++;
    }
    greatest.push(most);
  }
  const chances = new Array<number>(family.length).fill(1);
  let before = 0;
  falling.forEach((at, k) => {
    before = Math.max(before, (asExtreme[k] as number) / count);
    chances[at] = before;
  });
  return {
    tested: family.map((_, i) => ({ chance: chances[i] as number, t: tOf(shape, observed[i] as number) })),
    critical: criticalOf(shape, greatest, Math.floor(alpha * count * (1 + rounding))),
    relabellings: { kind, count },
  };
}

/** For each metric what grows with its |t|. The array that is returned is used again. */
type Statistics = (labels: Int8Array) => Float64Array;

function statisticsOf(shape: Shape, family: readonly Values[]): Statistics {
  if (family.some((values) => JSON.stringify(shapeOf(values)) !== JSON.stringify(shape)))
    throw new RangeError('metrics with other boots');
  // Boot after boot, in each metric after metric: a label is the same for all metrics of a boot.
  const rows = family.map(standardised);
  const boots = rows[0]?.length ?? 0;
  const table = Float64Array.from({ length: boots * rows.length }, (_, i) =>
    Number(rows[i % rows.length]?.[Math.floor(i / rows.length)]),
  );
  return shape.kind === 'paired' ? cosines(table, rows.length) : welch(table, rows.length, shape.base, shape.new);
}

/** Differences of length √n, about 0; or all boots with mean 0 and squares that sum up to their number. Without scatter: zeros. */
function standardised(values: Values): number[] {
  if (values.kind === 'paired') {
    const { differences } = values;
    const length = Math.sqrt(differences.reduce((sum, each) => sum + each * each, 0) / differences.length);
    return differences.map((each) => (length === 0 ? 0 : each / length));
  }
  const all = [...values.base, ...values.new];
  const middle = mean(all);
  const spread = Math.sqrt(mean(all.map((each) => (each - middle) ** 2)));
  return all.map((each) => (spread <= Math.abs(middle) * rounding ? 0 : (each - middle) / spread));
}

/** Between differences and labels: the sum of squares is the same for all labels, so that t need not be taken. */
function cosines(table: Float64Array, metrics: number): Statistics {
  const result = new Float64Array(metrics);
  const boots = table.length / metrics;
  return (labels) => {
    result.fill(0);
    for (let boot = 0; boot < boots; boot++) {
      const label = (labels[boot] as number) / boots;
      for (let i = 0; i < metrics; i++) (result[i] as number) += label * (table[boot * metrics + i] as number);
    }
    for (let i = 0; i < metrics; i++) result[i] = Math.abs(result[i] as number);
    return result;
  };
}

/** |t|, with a scatter of its own on each side. */
function welch(table: Float64Array, metrics: number, m: number, n: number): Statistics {
  const [result, sums, squares] = [new Float64Array(metrics), new Float64Array(metrics), new Float64Array(metrics)];
  return (labels) => {
    sums.fill(0);
    squares.fill(0);
    for (let boot = 0; boot < m + n; boot++) {
      if (labels[boot] !== 1) continue;
      for (let i = 0; i < metrics; i++) {
        const value = table[boot * metrics + i] as number;
        (sums[i] as number) += value;
        (squares[i] as number) += value * value;
      }
    }
    for (let i = 0; i < metrics; i++) result[i] = welchOf(sums[i] as number, squares[i] as number, m, n);
    return result;
  };
}

/** Of standardised values, from the sum of new's and of their squares. */
function welchOf(sum: number, squares: number, m: number, n: number): number {
  const difference = Math.abs(sum / n + sum / m);
  if (difference <= rounding || m < 2 || n < 2) return 0;
  const rest = m + n - squares;
  const scatter = (squares - (sum * sum) / n) / ((n - 1) * n) + (rest - (sum * sum) / m) / ((m - 1) * m);
  return scatter <= rounding ? Number.POSITIVE_INFINITY : difference / Math.sqrt(scatter);
}

function tOf(shape: Shape, statistic: number): number {
  if (shape.kind === 'separate') return statistic;
  const rest = 1 - statistic ** 2;
  return rest <= rounding
    ? statistic === 0
      ? 0
      : Number.POSITIVE_INFINITY
    : statistic * Math.sqrt((shape.blocks - 1) / rest);
}

/** What must be exceeded so that at most `allowed` relabellings, the true one among them, are as extreme. */
function criticalOf(shape: Shape, greatest: readonly number[], allowed: number): number | null {
  if (allowed < 1) return null;
  const falling = [...greatest].sort((a, b) => b - a);
  const critical = tOf(shape, falling[allowed - 1] ?? 0);
  return Number.isFinite(critical) ? critical : null;
}
