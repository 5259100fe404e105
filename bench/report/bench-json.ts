// SPDX-License-Identifier: MIT
/** What `bench --json` prints: one versioned document, for `compare` and for whoever else reads it. */
import { z } from 'zod';
import { expectedSchema } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { sampleHashes } from '../../results/sample-hash.ts';
import { overallVerdict } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';

/** Fields that may be absent are added within this version, so who reads it passes over what it does not know. */
export const benchSchemaName = 'keystorm/bench/1';

const dimensions = z.record(z.string(), z.union([z.string(), z.number()]));

/** A value, or null with the reason. */
const sampleSchema = z
  .strictObject({
    boot: z.int().min(0),
    block: z.int().min(0),
    host: z.string(),
    seed: z.int().min(0),
    value: z.number().nullable(),
    reason: z.string().min(1).optional(),
    uncertainty: z.number().min(0).optional(),
    /** Where the value lies with that confidence, estimated from parts of the boot. */
    interval: z.strictObject({ low: z.number(), high: z.number(), confidence: z.number().min(0).max(1) }).optional(),
  })
  .refine(({ value, reason }) => (value === null) === (reason !== undefined), 'null with a reason, or a value without');

const metricSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/),
  unit: z.enum(['ns', '1/s', '1', 'insn', 'virtual-ns', 'byte']),
  dimensions,
  samples: z.array(sampleSchema).min(1),
});

const verdictSchema = z.strictObject({
  /** An oracle's name, or the property that a check of the guest reported. */
  oracle: z.string(),
  property: z.enum(['held', 'violated', 'unknown', 'not-applicable']),
  expected: expectedSchema,
  verdict: z.enum(['pass', 'fail', 'unknown']),
  dimensions,
  evidence: z.string(),
  /** Of what is unknown: more requests in each boot would have decided it, as `--repeat` makes them. */
  lacks: z.literal('requests').optional(),
});

export const benchDocumentSchema = z.strictObject({
  schema: z.literal(benchSchemaName),
  /** The run's folder. */
  run: z.string(),
  status: z.enum(['complete', 'incomplete', 'aborted']),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  /** Of guests that count instructions: what runs of one build, plan and seed agree in. Absent of others, whose figures vary. */
  sampleHashes: z
    .strictObject({
      /** Null unless each boot came to its end. */
      all: z.string().nullable(),
      boots: z.array(z.strictObject({ boot: z.int().min(0), seed: z.int().min(0), sha256: z.string().nullable() })),
    })
    .optional(),
  metrics: z.array(metricSchema),
  verdicts: z.array(verdictSchema),
});
export type BenchDocument = z.infer<typeof benchDocumentSchema>;

export function benchDocument(run: StoredRun, metrics: readonly Metric[], verdicts: readonly Verdict[]): BenchDocument {
  const { plan } = run.manifest;
  return {
    schema: benchSchemaName,
    run: run.dir,
    status: run.status,
    verdict: overallVerdict(verdicts, run.status),
    ...(plan.clock === 'icount' ? { sampleHashes: hashesOf(run) } : {}),
    metrics: metrics.map((metric) => ({
      ...metric,
      dimensions: { ...metric.dimensions },
      samples: metric.samples.map((sample) => ({ ...sample })),
    })),
    verdicts: verdicts.map((verdict) => ({ ...verdict, dimensions: { ...verdict.dimensions } })),
  };
}

function hashesOf({ manifest, records }: StoredRun): NonNullable<BenchDocument['sampleHashes']> {
  const { all, boots } = sampleHashes(manifest.plan, records);
  return { all, boots: boots.map((boot) => ({ ...boot })) };
}
