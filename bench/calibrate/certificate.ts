// SPDX-License-Identifier: MIT
/** What a host was seen to be worth: how often comparisons on it alarm without reason, and what they find. */
import { z } from 'zod';

export const certificateSchemaName = 'keystorm/calibration/1';

const share = z.number().min(0).max(1);

/** A share of all comparisons, and where it lies for other boots of this host. */
const rateSchema = z.strictObject({
  share,
  /** 95%, from leaving out one block of boots after the other; null where that says nothing, as every comparison came out alike. */
  interval: z.strictObject({ low: share, high: share }).nullable(),
});
export type Rate = z.infer<typeof rateSchema>;

/** What was said of the runs whose agents were delayed, held against one whose were not. */
const powerSchema = z.strictObject({
  /** Of the p50 that the pilot had, in hundredths. */
  percent: z.number().positive(),
  delayNs: z.int().min(1),
  /** Some metric is called regressed. */
  found: rateSchema,
  /** Nothing is known to be worse, and not everything is known. */
  underpowered: share,
  unchanged: share,
  /** The ratio of the p50, the median over comparisons. */
  ratio: z.number().nullable(),
  /** The minimum detectable effect of the p50, likewise. */
  detectable: z.number().nullable(),
});

/** Blinded trials of whether a known number of instructions in the module's path is found, and told at its size. */
const additionSchema = z.strictObject({
  /** Of what a request took without it, in hundredths. */
  percent: z.number().positive(),
  instructions: z.int().min(1),
  /** Held against guests of the same build, or of one that is arranged otherwise. */
  build: z.enum(['same', 'other']),
  /** Called worse where new has it, and better where base has. */
  found: share,
  /** Exact lower bound of 95%, were trials independent. */
  foundAtLeast: share,
  /** Ratios, medians over trials. */
  truth: z.number().positive(),
  ratio: z.number().positive(),
  /** The greatest distance of a trial's ratio from its truth. */
  worst: z.number().min(0),
});
export type Addition = z.infer<typeof additionSchema>;

/** Of guests that count instructions. */
const countedSchema = z.strictObject({
  /** Exact upper bound of 95% of the share of alarms, were comparisons independent. */
  alarmsAtMost: share,
  /** Of each addition and build. */
  trials: z.int().min(1),
  additions: z.array(additionSchema),
});
export type Counted = z.infer<typeof countedSchema>;

export const certificateSchema = z.strictObject({
  schema: z.literal(certificateSchemaName),
  createdAt: z.iso.datetime({ precision: 3 }),
  /** A command line that does it again. */
  repro: z.string(),
  host: z.strictObject({ name: z.string(), cpuModel: z.string(), cpus: z.int().min(1) }),
  machine: z.string(),
  accelerator: z.string(),
  smp: z.int().min(1),
  clock: z.string(),
  kernel: z.string(),
  mechanisms: z.array(z.string()),
  scenarios: z.array(z.string()),
  seed: z.int().min(0),
  alpha: z.number(),
  delta: z.number(),
  /** Blocks that were recorded and came to their end in every run, and how many of them a comparison is of. */
  blocks: z.int().min(1),
  blocksEach: z.int().min(1),
  /** So many of them share no block: no more are independent of one another. */
  disjoint: z.int().min(1),
  comparisons: z.int().min(1),
  /** Metrics judged in each. */
  metrics: z.int().min(1),
  /** p50 without a delay, as the pilot had it; where instructions are counted, what a request took without an addition. */
  pilotNs: z.number().positive(),
  /** Nothing differs: called regressed or improved. */
  alarms: rateSchema,
  /** Nothing differs: told from no difference at alpha, however little it is. */
  rejections: rateSchema,
  /** The minimum detectable effect of the p50, the median over comparisons of what does not differ. */
  detectable: z.number().nullable(),
  power: z.array(powerSchema),
  /** Absent where time was measured. */
  counted: countedSchema.optional(),
});
export type Certificate = z.infer<typeof certificateSchema>;
