// SPDX-License-Identifier: MIT
import type { SanitizeFlags } from './command.ts';

/** The command that does the same again. Names come from lists of ours, so nothing needs quoting. */
export function repro(flags: SanitizeFlags, seed: number): string {
  const words = [
    ...flags.part.map((name) => `--part ${name}`),
    ...flags.mechanism.map((name) => `--mechanism ${name}`),
    ...flags.scenario.map((name) => `--scenario ${name}`),
    `--rounds ${flags.rounds}`,
    `--smp ${flags.smp}`,
    `--seed ${seed}`,
    ...(flags.kernel === 'debug' ? [] : [`--kernel ${flags.kernel}`]),
  ];
  return `npm run sanitize -- ${words.join(' ')}`;
}
