// SPDX-License-Identifier: MIT
/** What a series is like while nothing changes: its middle, its scatter, and how much a night resembles the one before. */

export interface Reference {
  readonly middle: number;
  readonly scatter: number;
  /** Correlation with the night before, from 0 to `greatestLikeness`; that of neighbours that repel one another is taken as none. */
  readonly likeness: number;
  readonly nights: number;
  readonly least: number;
  readonly greatest: number;
  /** A night farther from the middle than so many scatters counts as one that is just so far: no single night may decide anything. */
  readonly farthest: number;
  /** More nights lie far off than there would be of normal values: something disturbs them, and a few neighbours that are disturbed are no step. */
  readonly restless: boolean;
}

const usuallyFarthest = 4;
const farthestOfRestless = 2.5;
/** Of normal values 1 in 370 is farther from the middle than so many standard deviations; of a restless series 1 in 50 is, and three at least. */
const far = 3;
const restlessShare = 0.02;
/** Beyond this nights say so little that is new that there is nothing to watch. */
const greatestLikeness = 0.8;
/** Of normal values the median distance from the middle is so much of their standard deviation. */
const medianDistance = 0.6745;

/** The last nights, at most `most` of them, in the order of time and sorted: taking one in or out costs what moving costs. */
export class Nights {
  readonly #values: number[] = [];
  readonly #sorted: number[] = [];

  constructor(private readonly most: number) {}

  get count(): number {
    return this.#values.length;
  }

  get last(): number {
    return this.#values.at(-1) ?? Number.NaN;
  }

  add(value: number): void {
    if (this.#values.length === this.most) {
      const oldest = this.#values.shift() as number;
      this.#sorted.splice(placeOf(oldest, this.#sorted), 1);
    }
    this.#values.push(value);
    this.#sorted.splice(placeOf(value, this.#sorted), 0, value);
  }

  clear(): void {
    this.#values.length = 0;
    this.#sorted.length = 0;
  }

  /** `finest`: what figures cannot tell apart is no scatter; above 0. RangeError with fewer than four nights. */
  reference(finest: number): Reference {
    const n = this.count;
    if (n < 4) throw new RangeError(`no reference of ${n} nights`);
    const values = this.#values;
    const median = middleOf(this.#sorted);
    const rough = Math.max(medianDistanceFrom(median, this.#sorted) / medianDistance, finest);
    const farOff = n - placeOf(median + far * rough, this.#sorted) + placeOf(median - far * rough, this.#sorted);
    const restless = farOff >= 3 && farOff > restlessShare * n;
    const farthest = restless ? farthestOfRestless : usuallyFarthest;
    const [low, high] = [median - farthest * rough, median + farthest * rough];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += within(values[i] as number, low, high);
    const middle = sum / n;
    let [squares, products, before] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const off = within(values[i] as number, low, high) - middle;
      squares += off * off;
      products += off * before;
      before = off;
    }
    // The plain correlation is too small by about (1 + 3ρ)/n (Marriott and Pope, Biometrika 41, 1954).
    const likeness = squares === 0 ? 0 : ((n * products) / squares + 1) / (n - 3);
    return {
      middle,
      scatter: Math.max(Math.sqrt(squares / (n - 1)), finest),
      likeness: within(likeness, 0, greatestLikeness),
      nights: n,
      least: this.#sorted[0] as number,
      greatest: this.#sorted[n - 1] as number,
      farthest,
      restless,
    };
  }
}

export function within(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function middleOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

/** The median of the distances from `middle`, which is within the values. */
function medianDistanceFrom(middle: number, sorted: readonly number[]): number {
  let high = placeOf(middle, sorted);
  let low = high - 1;
  let distance = 0;
  for (let taken = 0; taken < (sorted.length + 1) >> 1; taken++) {
    const below = low < 0 ? Number.POSITIVE_INFINITY : middle - (sorted[low] as number);
    const above = high >= sorted.length ? Number.POSITIVE_INFINITY : (sorted[high] as number) - middle;
    distance = Math.min(below, above);
    if (below <= above) low--;
    else high++;
  }
  return distance;
}

/** The first place whose value is not less. */
function placeOf(value: number, sorted: readonly number[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
