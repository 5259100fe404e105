// SPDX-License-Identifier: MIT
/** What every chart with two axes is told. */
import type { Range, Scale } from './scale.ts';

export interface Chart {
  /** Unique in its page. */
  readonly id: string;
  readonly title: string;
  /** For those who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The scale for what there is to be drawn. */
  readonly x: (range: Range) => Scale;
  readonly y: (range: Range) => Scale;
}
