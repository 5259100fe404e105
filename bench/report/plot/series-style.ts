// SPDX-License-Identifier: MIT
/**
 * How series are told apart: by dash pattern and marker first, so that a print in grey or an eye without colours loses nothing, and by
 * colours that the usual kinds of colour blindness keep apart. A name has one style in all of a report.
 */
import { type Markup, markup } from '../markup.ts';

export interface SeriesStyle {
  /** Class of the style sheet that sets `--ink` to the series' colour. */
  readonly className: string;
  /** `stroke-dasharray`; empty: a solid line. */
  readonly dash: string;
  readonly marker: Marker;
}

const markers = {
  disc: 'M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0z',
  square: 'M-3 -3h6v6h-6z',
  triangle: 'M0 -4L3.8 3H-3.8z',
  diamond: 'M0 -4.4L4.4 0L0 4.4L-4.4 0z',
  plus: 'M-1.2 -4h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8z',
  funnel: 'M0 4L3.8 -3H-3.8z',
} as const;
export type Marker = keyof typeof markers;

/** Light: on white; dark: on #15181c. Each has a contrast of at least 4.5 there, and neighbours differ in lightness too. */
export const inks = [
  { light: '#1a1a1a', dark: '#f2f2f2' },
  { light: '#a8480b', dark: '#ffab70' },
  { light: '#0a62ab', dark: '#5aa9f2' },
  { light: '#00795a', dark: '#66dbb4' },
  { light: '#8a3a78', dark: '#d78fc9' },
  { light: '#736000', dark: '#e8cf5a' },
] as const;

/** The parts of a bar have no dashes and markers, and there are more of them: a colour each. */
export const partInks = [
  ...inks,
  { light: '#b0174b', dark: '#ff8fb0' },
  { light: '#4a4fb5', dark: '#a3a7ff' },
  { light: '#3f6b1f', dark: '#a9d37a' },
  { light: '#6b4f3a', dark: '#d1b59c' },
] as const;

const styles: readonly Omit<SeriesStyle, 'className'>[] = [
  { dash: '', marker: 'disc' },
  { dash: '7 3', marker: 'square' },
  { dash: '2 2.5', marker: 'triangle' },
  { dash: '9 3 2 3', marker: 'diamond' },
  { dash: '5 5', marker: 'plus' },
  { dash: '12 3 2 3 2 3', marker: 'funnel' },
];

/** The style of the series number `index`; beyond the sixth, other dashes with the same colours. */
export function seriesStyle(index: number): SeriesStyle {
  const ink = index % inks.length;
  // Shifted by one each round, so that the seventh series is not the first one again.
  const form = styles[(ink + Math.floor(index / inks.length)) % styles.length] ?? { dash: '', marker: 'disc' };
  return { className: `s${ink}`, ...form };
}

/** The marker with its middle at (x, y); `hollow` ones stand for something less than the filled ones. */
export function markerAt(style: SeriesStyle, x: number, y: number, hollow = false): Markup {
  const kind = `${style.className} ${hollow ? 'hollow' : 'mark'}`;
  return markup`<path class="${kind}" transform="translate(${x} ${y})" d="${markers[style.marker]}"/>`;
}
