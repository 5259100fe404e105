// SPDX-License-Identifier: MIT
/** What `compare --json` prints: one versioned document. */
import { z } from 'zod';
import type { Comparison } from './compare.ts';
import { scales } from './judged.ts';
import type { Side } from './side.ts';
import { outcomes } from './statistics/judgement.ts';
import { power } from './statistics/power.ts';
import { relabellingSeed } from './statistics/relabelling.ts';

export const compareSchemaName = 'keystorm/compare/1';

const dimensions = z.record(z.string(), z.union([z.string(), z.number()]));
const interval = z.strictObject({ low: z.number(), high: z.number(), confidence: z.number().min(0).max(1) }).nullable();
const name = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/);
const unit = z.enum(['ns', '1/s', '1', 'insn', 'virtual-ns', 'byte']);
const boots = z.array(z.int().min(0));
const block = z.strictObject({ base: boots, new: boots });

const sideSchema = z.strictObject({
  /** The run's folder. */
  run: z.string(),
  status: z.enum(['complete', 'incomplete', 'aborted']),
  createdAt: z.iso.datetime({ precision: 3 }),
  kernel: z.string(),
  module: z.string(),
  /** Null where two runs are compared. */
  mechanism: z.string().nullable(),
});

const metricSchema = z.strictObject({
  name,
  unit,
  dimensions,
  /** What `value`, `interval` and `detectable` are: 'ratio' new/base; 'share' and 'time' new − base, in the metric's unit. */
  scale: z.enum(scales),
  better: z.enum(['lower', 'higher']),
  /**
   * Medians over the boots that are compared. Of what is held against one another request by request (`upcall.instructions.typical`) `base` is that of the
   * means of a boot's requests, and `new` was not measured: it is `base` times `value`.
   */
  base: z.number().nullable(),
  new: z.number().nullable(),
  value: z.number().nullable(),
  interval,
  /** Corrected for all metrics. */
  chance: z.number().min(0).max(1).nullable(),
  verdict: z.enum(outcomes),
  /** Minimum detectable effect: a ratio above 1 or a difference above 0. Null: with so few boots none is. */
  detectable: z.number().nullable(),
  /** Blocks, or boots a side. */
  bootsNeeded: z.int().min(1).nullable(),
  /** Why it was not tested; null if it was. */
  reason: z.string().nullable(),
});

const shares = z.record(z.string(), z.number().min(0).max(1));
const seen = z.strictObject({
  property: z.enum(['held', 'violated', 'unknown', 'not-applicable']),
  expected: z.enum(['held', 'violated', 'any']),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  evidence: z.string(),
});
const ends = z.record(z.string(), z.int().min(1));

export const compareDocumentSchema = z.strictObject({
  schema: z.literal(compareSchemaName),
  verdict: z.enum(outcomes),
  /** Why it is not known whether anything else has changed. */
  unsure: z.array(z.string()),
  base: sideSchema,
  new: sideSchema,
  options: z.strictObject({
    alpha: z.number(),
    deltas: z.strictObject({ ratio: z.number(), share: z.number(), time: z.number() }),
    power: z.number(),
  }),
  design: z.strictObject({
    kind: z.enum(['same-boot', 'interleaved', 'separate', 'same-layout']),
    blocks: z.array(block),
    left: block,
    atOnce: z.boolean(),
  }),
  /** Of what the chances are shares; null: nothing was tested. */
  relabellings: z.strictObject({ kind: z.enum(['all', 'drawn']), count: z.int().min(1), seed: z.int() }).nullable(),
  notes: z.array(z.string()),
  metrics: z.array(metricSchema),
  controls: z.array(
    metricSchema.pick({ name: true, unit: true, dimensions: true, base: true, new: true, value: true, interval: true }),
  ),
  behaviour: z.strictObject({
    errnos: z.array(
      z.strictObject({
        dimensions,
        base: shares,
        new: shares,
        appeared: z.array(z.string()),
        gone: z.array(z.string()),
      }),
    ),
    flips: z.array(
      z.strictObject({
        oracle: z.string(),
        dimensions,
        base: seen,
        new: seen,
        kind: z.enum(['worse', 'better', 'lost', 'other']),
      }),
    ),
    ends: z.strictObject({
      base: ends,
      new: ends,
      /** Failures of the guest itself that new has and base has not. */
      appeared: z.array(z.string()),
      /** That so many failures of guests fall to new. */
      chance: z.number().min(0).max(1),
    }),
  }),
});
export type CompareDocument = z.infer<typeof compareDocumentSchema>;

export function compareDocument(comparison: Comparison): CompareDocument {
  const { sides, choice, design, figures, behaviour } = comparison;
  const { kind, blocks, left, atOnce } = design;
  const plain = <T extends { readonly dimensions: CompareDocument['metrics'][number]['dimensions'] }>(each: T) => ({
    ...each,
    dimensions: { ...each.dimensions },
  });
  return {
    schema: compareSchemaName,
    verdict: comparison.overall,
    unsure: [...comparison.unsure],
    base: sideDocument(sides.base),
    new: sideDocument(sides.new),
    options: { alpha: choice.alpha, deltas: { ...choice.deltas }, power },
    design: { kind, blocks: blocks.map(copied), left: copied(left), atOnce },
    relabellings: figures.relabellings === null ? null : { ...figures.relabellings, seed: relabellingSeed },
    notes: [...comparison.notes],
    metrics: figures.metrics.map(({ outcome, ...metric }) => ({ ...plain(metric), verdict: outcome })),
    controls: figures.controls.map(plain),
    behaviour: {
      errnos: behaviour.errnos.map((mix) => ({ ...plain(mix), appeared: [...mix.appeared], gone: [...mix.gone] })),
      flips: behaviour.flips.map(plain),
      ends: {
        ...behaviour.ends,
        base: { ...behaviour.ends.base },
        new: { ...behaviour.ends.new },
        appeared: [...behaviour.ends.appeared],
      },
    },
  };
}

function copied({ base, new: other }: { readonly base: readonly number[]; readonly new: readonly number[] }) {
  return { base: [...base], new: [...other] };
}

function sideDocument({ run, mechanism, boots: views }: Side): CompareDocument['base'] {
  const description = views.find(({ start }) => start !== null)?.start?.description;
  const { kernel = run.manifest.plan.kernel, moduleHash = 'unknown' } = description ?? {};
  const { createdAt } = run.manifest;
  return { run: run.dir, status: run.status, createdAt, kernel, module: moduleHash, mechanism };
}
