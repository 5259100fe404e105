// SPDX-License-Identifier: MIT
/** What `npm run bench:harness -- --json` prints. Times are ns for one operation (of the hammer: for one request). */
import { z } from 'zod';
import { manifestSchema } from '../../results/manifest.ts';
import { describeHost, describeTool } from '../run/host.ts';
import type { HammerStudy } from './hammer.ts';
import type { Measurement } from './measure.ts';
import type { HarnessTask } from './task.ts';

const positive = z.number().positive();
const statistics = {
  samples: z.int().min(1),
  p50: positive,
  mean: positive,
  min: positive,
  max: positive,
  sd: z.number().min(0),
  /** Half of the mean's 95% interval over the mean, were the samples independent. */
  relativeError: z.number().min(0),
};

const taskSchema = z.strictObject({
  group: z.enum(['codec', 'reader', 'statistics', 'plan', 'report']),
  name: z.string(),
  /** Null: it could not be measured, for the reason given. */
  measured: z.strictObject({ ...statistics, batch: z.int().min(1) }).nullable(),
  reason: z.string().nullable(),
  /** What gets through in a second, at the median; null without a figure. */
  rate: z.strictObject({ value: positive, unit: z.string() }).nullable(),
});
export type TaskResult = z.infer<typeof taskSchema>;

const hammerSchema = z.strictObject({
  figures: z.array(
    z.strictObject({
      mechanism: z.string(),
      timing: z.enum(['each', 'batch']),
      withoutFigure: z.int().min(0),
      measured: z.strictObject(statistics),
    }),
  ),
  overheads: z.array(
    z.strictObject({
      mechanism: z.string(),
      /** Share of the throughput; null with the reason when the run does not give it. */
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      reason: z.string().nullable(),
      pairs: z.int().min(0),
      boots: z.int().min(0),
    }),
  ),
});

export const harnessSchema = z.strictObject({
  schema: z.literal('keystorm/harness/1'),
  at: z.iso.datetime(),
  tool: manifestSchema.shape.tool,
  host: manifestSchema.shape.host,
  /** The run that was worked on. */
  run: z.string(),
  tasks: z.array(taskSchema),
  /** Null: not asked for. */
  hammer: hammerSchema.nullable(),
});
export type HarnessDocument = z.infer<typeof harnessSchema>;

/** Where and of what the figures are. */
export function harnessDocument(
  run: string,
  tasks: readonly TaskResult[],
  hammer: HarnessDocument['hammer'],
): HarnessDocument {
  const at = new Date().toISOString();
  return {
    schema: 'keystorm/harness/1',
    at,
    tool: describeTool(),
    host: describeHost(),
    run,
    tasks: [...tasks],
    hammer,
  };
}

export function taskResult({ group, name, per }: HarnessTask, measurement: Measurement): TaskResult {
  if ('reason' in measurement) return { group, name, measured: null, reason: measurement.reason, rate: null };
  const { count, unit } = per ?? { count: 1, unit: 'operation' };
  return { group, name, measured: measurement, reason: null, rate: { value: (count * 1e9) / measurement.p50, unit } };
}

export function hammerResult({ figures, overheads }: HammerStudy): NonNullable<HarnessDocument['hammer']> {
  return {
    figures: figures.map((each) => ({ ...each })),
    overheads: overheads.map(({ dimensions, overhead, pairs, boots }) => ({
      mechanism: String(dimensions.mechanism),
      value: overhead.value,
      low: overhead.value === null ? null : (overhead.interval?.low ?? null),
      high: overhead.value === null ? null : (overhead.interval?.high ?? null),
      reason: overhead.value === null ? overhead.reason : null,
      pairs,
      boots,
    })),
  };
}
