// SPDX-License-Identifier: MIT
import { shellQuoted } from '../plan/repro.ts';
import type { SanitizeFlags } from './command.ts';

/** The command that does the same again */
export function repro(flags: SanitizeFlags, seed: number): string {
  const words = [
    ...flags.part.map((name) => `--part ${name}`),
    ...flags.mechanism.map((name) => `--mechanism ${name}`),
    ...flags.scenario.map((name) => `--scenario ${name}`),
    `--rounds ${flags.rounds}`,
    `--smp ${flags.smp}`,
    `--seed ${seed}`,
    ...(flags.kernel === 'debug' ? [] : [`--kernel ${flags.kernel}`]),
    ...(flags.kernelTree === undefined ? [] : [`--kernel-tree ${shellQuoted(flags.kernelTree)}`]),
  ];
  return `npm run sanitize -- ${words.join(' ')}`;
}
