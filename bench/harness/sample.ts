// SPDX-License-Identifier: MIT
/**
 * A sample is a duration somebody measured. tinybench takes its own wall time, without a word, in place of one that is not a
 * number or negative; so none of that kind may get that far.
 */
export class BadSample extends Error {
  override readonly name = 'BadSample';
}

/** `ms` if it is a duration that can have been measured. @throws BadSample for what is not a number, negative, zero or endless. */
export function validDuration(ms: unknown, what: string): number {
  if (typeof ms === 'number' && Number.isFinite(ms) && ms > 0) return ms;
  throw new BadSample(`${what} gave ${String(ms)} ms, which nobody can have measured`);
}
