// SPDX-License-Identifier: MIT
/** What many campaigns came to, for people. */

export interface Failed {
  readonly seed: number;
  readonly complaints: readonly string[];
}

export interface Simulated {
  readonly campaigns: number;
  readonly failed: readonly Failed[];
  /** How many campaigns had what: a simulation in which something never occurs says nothing about it. */
  readonly tally: Readonly<Record<string, number>>;
}

/** The command that does one campaign again, and shows what happens in it. */
export function replayCommand(seed: number): string {
  return `npm run simulate -- --seed ${seed}`;
}

/** What failed, for people, each with the command that shows it; '' if nothing did. */
export function failedText(failed: readonly Failed[]): string {
  const shown = failed
    .slice(0, 10)
    .map(({ seed, complaints }) => [`${replayCommand(seed)}`, ...complaints].join('\n  '));
  const more = failed.length > shown.length ? [`and ${failed.length - shown.length} more campaigns`] : [];
  return [...shown, ...more].join('\n');
}
