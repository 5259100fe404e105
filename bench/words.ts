// SPDX-License-Identifier: MIT
/** A number and what is counted, for a sentence: "1 request", "2 requests". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** What is done in each boot of a plan: "3 cells", "2 blocks of checks", or both with `and` between them. */
export function cellsAndChecks(
  { cells, checks }: { readonly cells: readonly unknown[]; readonly checks: readonly unknown[] },
  and = ' and ',
): string {
  const parts = [
    ...(cells.length > 0 || checks.length === 0 ? [count(cells.length, 'cell')] : []),
    ...(checks.length > 0 ? [`${count(checks.length, 'block')} of checks`] : []),
  ];
  return parts.join(and);
}

/** How often: "once", "3 times". */
export function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}
