// SPDX-License-Identifier: MIT
/** Markdown that reads as plain text. */
import { plainText } from '../plain-text.ts';

/** Words that may come from a guest: no tags, no code, no links, no control characters; otherwise as they are. */
export function escapedMarkdown(text: string): string {
  return plainText(text).replace(/[<`|\\]|[[\]](?=\()|!(?=\[)/g, (char) => `\\${char}`);
}

/** Of a terminal, and of a line in a posting. */
const widest = 80;

/** Columns as wide as their widest cell; ragged where that would be too wide for a posting. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const natural = head.map((text, index) =>
    Math.max(3, ...[text, ...rows.map((row) => row[index] ?? '')].map((each) => [...each].length)),
  );
  const fits = natural.reduce((sum, width) => sum + width + 3, 1) <= widest;
  const widths = fits ? natural : natural.map(() => 3);
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => pad(cells[index] ?? '', width)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)];
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
