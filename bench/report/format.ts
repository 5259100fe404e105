// SPDX-License-Identifier: MIT
/** Figures as people read them. */

/** Three significant digits, without an exponent. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(digits, 6));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const units = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

export interface Scale {
  readonly factor: number;
  readonly unit: string;
}

/** The unit in which a duration of `ns` nanoseconds reads best. */
export function durationScale(ns: number): Scale {
  // What is added may be less than nothing, where it is too little to be seen.
  const [factor, unit] = units.find(([each]) => Math.abs(ns) >= each) ?? [1, 'ns'];
  return { factor, unit };
}

/** How many times as large: `2.4×`, and well below one `1/240`. `scale` decides between the two, so that a range reads as one. */
export function ratio(value: number, scale = value): string {
  if (scale > 0 && scale < 0.2 && value > 0) return `1/${threeDigits(1 / value)}`;
  return `${threeDigits(value)}×`;
}
