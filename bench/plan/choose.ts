// SPDX-License-Identifier: MIT
import { KeystormError } from '../../vm/failure.ts';

/** Words that stand for several names. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/**
 * The names asked for, in the order in which they are known, each once. `asked` may repeat, be separated by commas, and
 * say 'all', which means `all`, or another of `groups`; an empty list means `byDefault`.
 * @throws KeystormError (2) for a name that is not known, with the known ones and the closest.
 */
export function choose(
  what: string,
  known: readonly string[],
  asked: readonly string[],
  byDefault: readonly string[] = known,
  groups: Groups = { all: known },
): string[] {
  if (asked.length === 0) return [...byDefault];
  const words = asked.flatMap((text) => text.split(',')).map((word) => word.trim());
  const named = words.filter((word) => word !== '');
  // An unset variable of a script, most likely; all there is would be a long surprise.
  if (named.length === 0) throw new KeystormError(`An empty ${what} was named; say 'all', or leave it out.`);
  for (const word of named) {
    if (!Object.hasOwn(groups, word) && !known.includes(word)) throw new KeystormError(unknownName(what, word, known));
  }
  const members = named.flatMap((word) => (Object.hasOwn(groups, word) ? (groups[word] ?? []) : [word]));
  return known.filter((name) => members.includes(name));
}

/** "There is no <what> 'x'; did you mean 'y'? Known are …" */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = closest(name, known);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return `There is no ${what} '${name}'.${hint} Known are: ${known.join(', ')}.`;
}

/** The known name with the fewest edits to `name`; undefined when more than a third of it would have to change. */
export function closest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
