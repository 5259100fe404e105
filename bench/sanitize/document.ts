// SPDX-License-Identifier: MIT
/** The document of `npm run sanitize -- --json`. */
import type { MachineDescription } from '../../vm/machine.ts';
import { exitCodeOfFindings, type Finding } from './findings.ts';
import type { Sanitized, SanitizePart } from './sanitize.ts';

export const sanitizeSchemaName = 'keystorm/sanitize/1';

export interface SanitizeDocument {
  readonly schema: typeof sanitizeSchemaName;
  readonly status: 'clean' | 'faulty' | 'broken' | 'incomplete';
  /** What was done. */
  readonly parts: readonly SanitizePart[];
  /** As in a run's dimensions; 'unknown' when no guest started. */
  readonly kernel: string;
  readonly module: string;
  readonly accelerator: string;
  readonly smp: number;
  readonly seed: number;
  readonly sanitizers: readonly { readonly name: string; readonly seen: boolean }[];
  readonly rounds: Sanitized['rounds'] & { readonly asked: number };
  /** Keys of all users after each round. */
  readonly keys: readonly number[];
  /** Objects by which caches grew from the first round to the end. */
  readonly growth: Sanitized['growth'];
  readonly experiments: readonly { readonly name: string; readonly passed: readonly string[] }[];
  readonly findings: readonly Finding[];
}

const statuses = { 0: 'clean', 1: 'faulty', 3: 'broken', 4: 'incomplete' } as const;

export function sanitizeDocument(
  done: Sanitized,
  about: {
    readonly parts: readonly SanitizePart[];
    readonly asked: number;
    readonly seed: number;
    readonly smp: number;
    readonly machine: MachineDescription | undefined;
  },
): SanitizeDocument {
  const { machine } = about;
  return {
    schema: sanitizeSchemaName,
    status: statuses[exitCodeOfFindings(done.findings)],
    parts: about.parts,
    kernel: machine?.kernel ?? 'unknown',
    module: machine?.moduleHash ?? 'unknown',
    accelerator: machine?.accelerator ?? 'unknown',
    smp: about.smp,
    seed: about.seed,
    sanitizers: done.tryings.map(({ sanitizer, silent }) => ({ name: sanitizer, seen: silent === '' })),
    rounds: { ...done.rounds, asked: about.asked },
    keys: done.keys,
    growth: done.growth,
    experiments: done.experiments.map(({ name, passed }) => ({ name, passed })),
    findings: done.findings,
  };
}
