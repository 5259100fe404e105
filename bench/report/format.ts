// SPDX-License-Identifier: MIT
/** Figures as people read them. */

/** Three significant digits, without an exponent. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(digits, 6));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

type Units = readonly (readonly [factor: number, unit: string])[];

const ofTime: Units = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];
/** Nanoseconds of a clock that counts instructions are no time, and must not look like one. */
const ofCounts: Units = [
  [1e9, 'G vns'],
  [1e6, 'M vns'],
  [1e3, 'k vns'],
  [1, 'vns'],
];

let units = ofTime;

/**
 * Calls `work`, which is synchronous, while durations are printed in what guests of that clock measure. One switch for a whole report, and
 * not an argument of each of its formats: no figure of a run can be left out.
 */
export function inUnitsOf<T>(clock: 'wall' | 'icount', work: () => T): T {
  const before = units;
  units = clock === 'icount' ? ofCounts : ofTime;
  try {
    return work();
  } finally {
    units = before;
  }
}

export interface Scale {
  readonly factor: number;
  readonly unit: string;
}

/** The unit in which a duration of `ns` nanoseconds of a guest's clock reads best. */
export function durationScale(ns: number): Scale {
  // What is added may be less than nothing, where it is too little to be seen.
  const [factor, unit] = units.find(([each]) => Math.abs(ns) >= each) ?? units.at(-1) ?? [1, 'ns'];
  return { factor, unit };
}

/** How many times as large: `2.4×`, and well below one `1/240`. `scale` decides between the two, so that a range reads as one. */
export function ratio(value: number, scale = value): string {
  if (scale > 0 && scale < 0.2 && value > 0) return `1/${threeDigits(1 / value)}`;
  return `${threeDigits(value)}×`;
}
