// SPDX-License-Identifier: MIT
/** A number and what is counted, for a sentence: "1 request", "2 requests". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** How often: "once", "3 times". */
export function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}
