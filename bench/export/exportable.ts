// SPDX-License-Identifier: MIT
/** What exporters are given, and what they have in common: which figures are there, and what tells them apart. */
import type { StoredRun } from '../../results/run-reader.ts';
import type { Comparison } from '../compare/compare.ts';
import type { Verdict } from '../judge/verdict.ts';
import { isMachineDimension } from '../measure/dimensions.ts';
import type { Dimensions, Metric, Sample } from '../measure/metric.ts';
import type { TestSuite } from './junit-xml.ts';

/** A judged run, and what it was compared with if it was. */
export interface Exportable {
  readonly run: StoredRun;
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
  /** With the run as `new`. */
  readonly comparison?: Comparison | undefined;
  /** What is known beyond that, for who shows tests. */
  readonly more?: readonly TestSuite[];
}

/** Makes the whole text of a file, with its last line break. Pure. */
export type Exporter = (exportable: Exportable) => string;

/** A sample with a value. */
export type Measurement = Sample & { readonly value: number };

/** The boots that have the figure: what is missing is left out of an export, and never 0. */
export function measurements({ samples }: Metric): Measurement[] {
  return samples.filter((sample): sample is Measurement => sample.value !== null && Number.isFinite(sample.value));
}

/** What a figure was measured on, and what it is of; in the order in which the metric has them. */
export function parted(dimensions: Dimensions): { readonly machine: Dimensions; readonly own: Dimensions } {
  const entries = Object.entries(dimensions);
  return {
    machine: Object.fromEntries(entries.filter(([name]) => isMachineDimension(name))),
    own: Object.fromEntries(entries.filter(([name]) => !isMachineDimension(name))),
  };
}
