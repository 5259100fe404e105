// SPDX-License-Identifier: MIT
/** What a run is, written before its first boot and never changed: enough to judge it elsewhere and to repeat it. */
import { z } from 'zod';
import { compiledWhenOften } from './compiled.ts';
import { planSchema } from './plan.ts';

export const runSchemaName = 'keystorm/run/4';

/** The harness that wrote a run. */
export const toolSchema = z.strictObject({
  version: z.string(),
  /** git commit; null outside a checkout. */
  commit: z.string().nullable(),
  /** The checkout differed from that commit. */
  dirty: z.boolean(),
});

export const manifestSchema = z.strictObject({
  schema: z.literal(runSchemaName),
  runId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  createdAt: z.iso.datetime({ precision: 3 }),
  tool: toolSchema,
  plan: planSchema,
  /** The machine the harness ran on. */
  host: z.strictObject({
    name: z.string(),
    cpuModel: z.string(),
    cpus: z.int().min(1),
    memoryBytes: z.int().min(1),
    os: z.string(),
    node: z.string(),
  }),
  seed: z.int().min(0),
  /** One shell-quoted command line that repeats the run. */
  repro: z.string(),
});
export const manifestChecker = compiledWhenOften(manifestSchema);
export type Manifest = z.infer<typeof manifestSchema>;

/** The mark of a run whose harness came to its end: how, and how much there must be. Says nothing of verdicts. */
export const endSchema = z.strictObject({
  schema: z.literal('keystorm/run-end/1'),
  status: z.enum(['complete', 'aborted']),
  at: z.iso.datetime({ precision: 3 }),
  /** Records in frames.ndjson. */
  records: z.int().min(0),
});
export type RunEnd = z.infer<typeof endSchema>;

/** Names of the files in a run folder. */
export const runFiles = { manifest: 'manifest.json', frames: 'frames.ndjson', end: 'end.json' } as const;
/** Indentation of the two JSON files, which people read. */
export const fileIndent = 2;
