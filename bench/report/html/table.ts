// SPDX-License-Identifier: MIT
/** Tables with a caption and with headers of columns and rows, in a frame that scrolls where the page is narrow. */
import { type Content, type Markup, markup } from '../markup.ts';

export interface HtmlTable {
  readonly caption: Content;
  readonly head: readonly Content[];
  /** The first cell of a row is its header. In a text, what follows a line break is set small. */
  readonly rows: readonly (readonly Content[])[];
  /** Lines below it. */
  readonly notes?: readonly string[];
}

export function table({ caption, head, rows, notes = [] }: HtmlTable): Markup {
  const below =
    notes.length === 0 ? null : markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`;
  return markup`<div class="wide" role="group" tabindex="0" aria-label="table, scrolls where it is wider than the page"><table><caption>${caption}</caption><thead><tr>${head.map(
    (each) => markup`<th scope="col">${each}</th>`,
  )}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>${below}`;
}

function row([first, ...rest]: readonly Content[]): Markup {
  return markup`<tr><th scope="row">${cell(first ?? null)}</th>${rest.map((each) => markup`<td>${cell(each)}</td>`)}</tr>\n`;
}

function cell(content: Content): Content {
  if (typeof content !== 'string') return content;
  const [main = '', ...more] = content.split('\n');
  // A figure and its unit stay together.
  return [main.replace(/^([\d.]+) (\S+)$/, '$1\u00a0$2'), ...more.map((line) => markup`<br/><small>${line}</small>`)];
}
