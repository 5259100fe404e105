// SPDX-License-Identifier: MIT
/**
 * Pieces of an HTML or SVG document. What is put into a template is escaped unless it is a piece itself, so that nothing a guest
 * wrote can become a tag, an attribute, a link or a control character: there is no other way to make a piece.
 */
import { plainText } from './plain-text.ts';

/** A well-formed piece of a document, made by the `markup` template only. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(strings: TemplateStringsArray, values: readonly Content[]): Markup {
    return new Markup(strings.reduce((text, part, index) => `${text}${asText(values[index - 1])}${part}`));
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: a list is its items one after the other; null is nothing. */
export type Content = Markup | string | number | null | readonly Content[];

/** `` markup`<b>${text}</b>` ``; attribute values must be in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.of(strings, values);
}

export const nothing = markup``;

function asText(value: Content | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'number') return number(value);
  return typeof value === 'string' ? escaped(value) : value.map(asText).join('');
}

/** Positions on a page: a tenth of a pixel is enough. */
function number(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`no number for a document: ${value}`);
  return String(Math.round(value * 10) / 10);
}

/** Fit for text and for attributes in double quotes, in HTML as in XML, which also has no code points such as U+FFFE. */
export function escaped(text: string): string {
  return plainText(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, '')
    .replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
