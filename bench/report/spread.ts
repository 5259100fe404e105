// SPDX-License-Identifier: MIT
/** A figure over boots as text: the median, and the extremes where they differ from one another as printed. */
import { type PerBoot, summarise } from './figures.ts';
import { durationScale, ratio, threeDigits } from './format.ts';

/** How a figure is printed: a number's text in the scale of the median, and the unit, if there is one to be said once. */
export type Format = (median: number) => { readonly text: (value: number) => string; readonly unit: string };

export const plainFormat: Format = () => ({ text: threeDigits, unit: '' });
export const ratioFormat: Format = (median) => ({ text: (value) => ratio(value, median), unit: '' });
/** Nanoseconds, in the unit that suits the median. */
export const durationFormat: Format = (median) => {
  const { factor, unit } = durationScale(median);
  return { text: (ns) => threeDigits(ns / factor), unit: ` ${unit}` };
};

/** One duration in the unit that suits it: `1.5 µs`. */
export function durationText(ns: number): string {
  const { text, unit } = durationFormat(ns);
  return `${text(ns)}${unit}`;
}

/** Median and range one above the other, for a table. */
export function stacked(figure: PerBoot, format: Format): string {
  return spread(figure, format, '\n') ?? '–';
}

/** Median and range side by side; null if no boot has the figure. */
export function sideBySide(figure: PerBoot, format: Format): string | null {
  return spread(figure, format, ' ');
}

function spread(figure: PerBoot, format: Format, separator: string): string | null {
  const summary = summarise(figure);
  if (summary === null) return null;
  const { text, unit } = format(summary.median);
  const [median, min, max] = [summary.median, summary.min, summary.max].map(text);
  const range = min === max ? [] : [`[${min}..${max}]`];
  // Without this a p99 of one quiet boot could stand, unremarked, below the p90 of all three.
  const share = summary.boots < figure.size ? [`(${summary.boots} of ${figure.size} boots)`] : [];
  return [`${median}${unit}`, ...range, ...share].join(separator);
}
