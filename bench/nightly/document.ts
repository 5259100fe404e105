// SPDX-License-Identifier: MIT
/** What `nightly --json` prints, and nightly.json is: one versioned document. */
import { z } from 'zod';
import { alertKinds } from '../../results/nightly-state.ts';
import { compareDocument, compareDocumentSchema } from '../compare/document.ts';
import { trendDocument, trendDocumentSchema } from '../trend/document.ts';
import { exitCodeOf, type Night, nightOutcomes, nightSentence } from './night.ts';

export const nightlySchemaName = 'keystorm/nightly/1';

const moment = z.iso.datetime({ precision: 3 });

export const nightlyDocumentSchema = z.strictObject({
  schema: z.literal(nightlySchemaName),
  verdict: z.enum(nightOutcomes),
  /** The verdict's sentence. */
  said: z.string(),
  /** What the command ends with. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(4)]),
  /** Of the run of new, which is what the history has. */
  night: z.strictObject({ run: z.string(), createdAt: moment }),
  /** As `pair` takes them, with commits in place of revisions. */
  baseline: z.string(),
  new: z.string(),
  /** Folders. */
  runs: z.strictObject({ base: z.string(), new: z.string() }),
  history: z.strictObject({
    dir: z.string(),
    nights: z.int().min(0),
    added: z.boolean(),
    /** Why the night was not appended; null if it was. */
    reason: z.string().nullable(),
  }),
  alerts: z.array(
    z.strictObject({
      /** The same every night, as long as it is the same that is wrong. */
      id: z.string().regex(/^[0-9a-f]{12}$/),
      kind: z.enum(alertKinds),
      state: z.enum(['raised', 'open', 'resolved']),
      what: z.string(),
      /** The night on which it was raised, and the last one that found it so. */
      raised: moment,
      seen: moment,
      /** Of one that is resolved: what the night said of it; null: it was not asked, or is open. */
      now: z.string().nullable(),
    }),
  ),
  unsure: z.array(z.string()),
  notes: z.array(z.string()),
  /** Null where no block came to its end on both sides. */
  comparison: compareDocumentSchema.nullable(),
  trend: trendDocumentSchema,
});
export type NightlyDocument = z.infer<typeof nightlyDocumentSchema>;

export function nightlyDocument(night: Night, onlyNew: boolean): NightlyDocument {
  const { sides, told, trend, kept, comparison } = night;
  const { runId, createdAt } = sides.new.run.manifest;
  return {
    schema: nightlySchemaName,
    verdict: night.overall,
    said: nightSentence(night),
    exitCode: exitCodeOf(night, onlyNew),
    night: { run: runId, createdAt },
    baseline: night.baseline,
    new: night.subject,
    runs: { base: sides.base.run.dir, new: sides.new.run.dir },
    history: {
      dir: trend.history.dir,
      nights: trend.nights.length,
      added: kept.added,
      reason: kept.added ? null : kept.why,
    },
    alerts: [
      ...told.raised.map((alert) => ({ ...alert, state: 'raised' as const, now: null })),
      ...told.open.map(({ found: _, ...alert }) => ({ ...alert, state: 'open' as const, now: null })),
      ...told.resolved.map((alert) => ({ ...alert, state: 'resolved' as const })),
    ],
    unsure: [...night.unsure],
    notes: [...night.notes],
    comparison: comparison === null ? null : compareDocument(comparison),
    trend: trendDocument(trend),
  };
}
