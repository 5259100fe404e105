// SPDX-License-Identifier: MIT
/** Text for a mailing list: lines that fit a terminal of 80 columns when quoted once. */

export const columns = 78;

/** Breaks at spaces; what follows the first line is indented. A word that is longer than a line stays whole. */
export function wrapped(text: string, indent = '', width = columns): string[] {
  const lines: string[] = [];
  let line = '';
  // A figure and its unit stay together.
  for (const word of text.split(/(?<!\d) +| +(?!(?:ns|µs|ms|s|%)(?![\w-]))/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if ([...longer].length <= width || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

/** A command over several lines, as a shell reads it; quoted words stay whole. */
export function wrappedCommand(command: string, width = columns - 4): string[] {
  const words = together(command.match(/(?:'[^']*'|\\.|[^\s'])+/g) ?? []);
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length + 2 <= width || line === '') line = longer;
    else {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    }
  }
  return [...lines, line];
}

/** An option and its value are one. */
function together(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const word of words) {
    const before = result.at(-1);
    if (before?.startsWith('--') && before !== '--' && !before.includes(' ') && !word.startsWith('-')) {
      result.splice(-1, 1, `${before} ${word}`);
    } else result.push(word);
  }
  return result;
}
