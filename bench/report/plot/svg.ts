// SPDX-License-Identifier: MIT
/** An SVG picture with a title and a description for those who do not see it. */
import { type Content, type Markup, markup } from '../markup.ts';
import { plotCss } from './plot-css.ts';

export interface Picture {
  /** Unique in its document: `[a-z0-9-]`. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in a sentence or two. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly content: Content;
  /** Width in pixels when nothing else decides; absent: as wide as there is room. */
  readonly shownAs?: number;
}

/** For a document that has the style sheet of plot-css.ts. */
export function svg({ id, title, description, width, height, content, shownAs }: Picture): Markup {
  const size = shownAs === undefined ? null : markup` width="${shownAs}" height="${(shownAs * height) / width}"`;
  return markup`<svg class="plot" xmlns="http://www.w3.org/2000/svg"${size} viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${content}</svg>`;
}

/** A file of its own, with its style sheet, on a background. */
export function standaloneSvg(picture: Picture): string {
  const { width, height, content } = picture;
  const inside = markup`<style>${plotCss}</style><rect class="paper" width="${width}" height="${height}"/>${content}`;
  return `${svg({ shownAs: 1.6 * width, ...picture, content: inside })}\n`;
}

/** Rough width of a text in the page's units: no font is at hand, so rather too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  return [...text].length * size * 0.58;
}

/** The size of nearly all text in a picture. */
export const textSize = 11;
