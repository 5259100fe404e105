// SPDX-License-Identifier: MIT
/** Two values that differ, as texts short enough for a sentence in which it is seen that they do. */
import { plainText } from '../report/plain-text.ts';

/** Characters of a text that are shown. */
const most = 60;
/** Of these, before the first that differs. */
const before = 12;
/** Enough of a hash to find it again. */
const ofHash = 12;

/** For values that differ as JSON, or of which one is absent. Fit for a terminal. */
export function shownApart(base: unknown, other: unknown): readonly [string, string] {
  const [one, two] = [plainText(textOf(base)), plainText(textOf(other))];
  // Alike but for what a terminal is not shown, or for their type.
  if (one === two) return apart(escaped(base), escaped(other));
  return apart(one, two);
}

function apart(one: string, two: string): readonly [string, string] {
  const hashes = [one, two].every((text) => /^[0-9a-f]{64}$/.test(text));
  if (hashes && one.slice(0, ofHash) !== two.slice(0, ofHash)) return [one.slice(0, ofHash), two.slice(0, ofHash)];
  let differs = 0;
  while (differs < one.length && one[differs] === two[differs]) differs++;
  const from = Math.max(one.length, two.length) <= most ? 0 : Math.max(0, differs - before);
  return [cut(one, from), cut(two, from)];
}

function cut(text: string, from: number): string {
  const [head, tail] = [from > 0 ? '…' : '', text.length > from + most ? '…' : ''];
  return `${head}${text.slice(from, from + most)}${tail}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
}

/** With every character that is not of ASCII, or that a terminal would not show, as its number. */
function escaped(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
