// SPDX-License-Identifier: MIT
/** What a run is, written before its first boot and never changed: enough to judge it elsewhere and to repeat it. */
import { z } from 'zod';
import { mostShards } from './choices.ts';
import { compiledWhenOften } from './compiled.ts';
import { planSchema } from './plan.ts';
import { blocksOf, shardSchema } from './shards.ts';

export const runSchemaName = 'keystorm/run/6';

/** The harness that wrote a run. */
export const toolSchema = z.strictObject({
  version: z.string(),
  /** git commit; null outside a checkout. */
  commit: z.string().nullable(),
  /** The checkout differed from that commit. */
  dirty: z.boolean(),
});

/** What a run was begun as. */
const origin = {
  runId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  createdAt: z.iso.datetime({ precision: 3 }),
  tool: toolSchema,
  /** The machine the harness ran on. */
  host: z.strictObject({
    name: z.string(),
    cpuModel: z.string(),
    cpus: z.int().min(1),
    memoryBytes: z.int().min(1),
    os: z.string(),
    node: z.string(),
  }),
};

/** Runs that are measured in turn, to be compared. */
export const pairSides = ['base', 'new'] as const;
export type PairSide = (typeof pairSides)[number];

/** A shard as it was when it was put together with others. */
const mergedShardSchema = z.strictObject({
  index: z.int().min(1).max(mostShards),
  ...origin,
  /** How often it was taken up again. */
  resumptions: z.int().min(0),
  /** What there was to say against its data; empty if it was complete. */
  problems: z.array(z.string()),
});
export type MergedShard = z.infer<typeof mergedShardSchema>;

/** The run was put together of these of `count` shards, each once, in order of their index. */
const mergedSchema = z
  .strictObject({ count: z.int().min(1).max(mostShards), shards: z.array(mergedShardSchema).min(1) })
  .refine(
    ({ count, shards }) =>
      shards.every(({ index }, i) => index > (shards[i - 1]?.index ?? 0)) && (shards.at(-1)?.index ?? 0) <= count,
    'its shards are not each there once and in order',
  );

/** What this run and another were to be compared by, fixed before the first boot of either. */
const pairSchema = z.strictObject({
  side: z.enum(pairSides),
  /** Which side is first, for each block of the plan in its order. */
  first: z.array(z.enum(pairSides)).min(1),
  /** As `compare` has them: the chance of a false alarm, and what does not matter. */
  alpha: z.number().positive(),
  deltas: z.strictObject({ ratio: z.number().positive(), share: z.number().positive(), time: z.number().positive() }),
});
export type Pair = z.infer<typeof pairSchema>;

export const manifestSchema = z
  .strictObject({
    schema: z.literal(runSchemaName),
    ...origin,
    /** All of it, also in a shard. */
    plan: planSchema,
    seed: z.int().min(0),
    /** One shell-quoted command line that repeats the run. */
    repro: z.string(),
    /** The run is this part of its plan alone. */
    shard: shardSchema.optional(),
    merged: mergedSchema.optional(),
    /** It was measured in turn with another. */
    pair: pairSchema.optional(),
  })
  .refine(
    ({ shard, merged }) => shard === undefined || merged === undefined,
    'it is a shard and put together of shards',
  )
  .refine(
    ({ plan, shard, merged }) => ((shard ?? merged)?.count ?? 1) <= blocksOf(plan).length,
    'the plan has fewer blocks than shards',
  );
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
