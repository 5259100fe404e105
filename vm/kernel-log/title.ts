// SPDX-License-Identifier: MIT
/** The name of a fault: the same for the same fault, whenever, wherever and to whomever it happens. */
import { createHash } from 'node:crypto';
import { functionIn, plainName } from './function-name.ts';
import type { Pattern } from './pattern.ts';

export interface Fault {
  /** One line without addresses, numbers, processes and paths, e.g. "KASAN: slab-out-of-bounds Read in ks_queue_read". */
  readonly title: string;
  /** Of the title: short enough to be searched for and to be compared by eye. */
  readonly fingerprint: string;
}

const fingerprintDigits = 12;
/** What no row knows may be of any length, and so may a name that only looks like a function's. */
const longestWords = 100;
const longestTitle = 200;

/** Groups that need it: words of any kind, and functions. The others stand as the kernel writes them. */
const renderings: Readonly<Record<string, (text: string) => string>> = { words: stableWords, other: plainName };

/** `lines`: from the one that `pattern` fits on, without time stamps. Without a pattern the line's own words are the title. */
export function faultIn(lines: readonly string[], pattern: Pattern | undefined): Fault {
  const title = pattern === undefined ? stableWords(lines[0] ?? '') : titleOf(lines, pattern);
  const fingerprint = createHash('sha256').update(title).digest('hex').slice(0, fingerprintDigits);
  return { title, fingerprint };
}

function titleOf(lines: readonly string[], { line, title, places, detail }: Pattern): string {
  const own = line.exec(lines[0] ?? '')?.groups ?? {};
  const words: Readonly<Record<string, string | undefined>> = { ...own, ...detailIn(lines, detail) };
  const where = functionIn(lines, places ?? [], own.f);
  return title
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      if (name === 'in') return where === undefined ? '' : ` in ${where}`;
      return (renderings[name] ?? String)(words[name] ?? '');
    })
    .replace(/ {2,}/g, ' ')
    .slice(0, longestTitle)
    .replace(/[\s:/]+$/, '');
}

function detailIn(lines: readonly string[], detail: RegExp | undefined): Readonly<Record<string, string>> {
  for (const line of detail === undefined ? [] : lines) {
    const groups = detail?.exec(line)?.groups;
    if (groups !== undefined) return groups;
  }
  return {};
}

/** Words that say the same the next time. */
function stableWords(text: string): string {
  return text
    .slice(0, 1_000)
    .replace(/[\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+/g, (place) => place.replace(/\+.*/, ''))
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b\w+=\S*/g, '')
    .replace(/(?:^|(?<=[\s:(]))\S*\/\S*/g, '')
    .replace(/\b(?:0x)?[0-9a-f]{8,}\b|\b0x[0-9a-f]+\b|#\d+|[-+]?\b\d[\d.]*[a-z]{0,2}\b/gi, '')
    .replace(/\([^\w()]+\)|(?<!\w)\(\)/g, '')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/ {2,}/g, ' ')
    .replace(/ (?=[,;:.!?])/g, '')
    .trim()
    .slice(0, longestWords)
    .replace(/[\s:;,.-]+$/, '');
}
