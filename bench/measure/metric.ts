// SPDX-License-Identifier: MIT
/** A figure that can be followed over boots and runs: the shape `bench --json` prints and `compare` reads. */

/**
 * `insn`: instructions, of a guest that counts them and had nothing to wait for; `virtual-ns`: nanoseconds of a clock that is not this
 * world's, which jumps when a guest has nothing to do.
 */
export type Unit = 'ns' | '1/s' | '1' | 'byte' | 'insn' | 'virtual-ns';

/** The same for units that a figure may have by how idle its guest happened to be: instructions are nanoseconds of a clock that did not jump. */
export function foldedUnit(unit: Unit): Unit {
  return unit === 'insn' ? 'virtual-ns' : unit;
}

/** Everything a figure depends on. Two figures are comparable when all of it agrees, save for what is being compared. */
export type Dimensions = Readonly<Record<string, string | number>>;

/** Where a figure lies with the given confidence, in the metric's unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** A fraction of 1. */
  readonly confidence: number;
}

/** One boot's figure: the boot is the sampling unit. */
export interface Sample {
  readonly boot: number;
  readonly block: number;
  readonly host: string;
  readonly seed: number;
  /** Null when there is none; `reason` then says why: a failure kind, 'not-reached', 'too-few-samples', ... */
  readonly value: number | null;
  readonly reason?: string;
  /** Half-open width of what the value may be off by, in the metric's unit, where it is known. */
  readonly uncertainty?: number;
  /** What each request took, ascending, of figures that are compared request by request. */
  readonly requests?: readonly number[];
  /** Where the figure was estimated from many parts of one boot. */
  readonly interval?: Interval;
}

export interface Metric {
  readonly name: string;
  readonly unit: Unit;
  readonly dimensions: Dimensions;
  readonly samples: readonly Sample[];
}
