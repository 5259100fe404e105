// SPDX-License-Identifier: MIT
import type { PlanOptions } from '../plan/make-plan.ts';

/** The command line that repeats a run: every choice spelled out, quoted for a shell. */
export function reproCommand(options: PlanOptions): string {
  const words = ['npm', 'run', '-s', 'keystorm', '--', 'bench'];
  for (const name of options.mechanisms) words.push('--mechanism', name);
  for (const name of options.scenarios) words.push('--scenario', name);
  for (const rate of options.rates ?? []) words.push('--rate', String(rate));
  if (options.accelerator !== undefined) words.push('--accelerator', options.accelerator);
  words.push(
    ...(options.kernelTree === undefined ? ['--kernel', options.kernel] : ['--kernel-tree', options.kernelTree]),
  );
  words.push('--machine', options.machine);
  words.push('--boots', String(options.boots), '--seed', String(options.seed));
  if (options.quick) words.push('--quick');
  return words.map(shellQuoted).join(' ');
}

/** A word that a POSIX shell reads back as it is. */
export function shellQuoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
