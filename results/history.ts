// SPDX-License-Identifier: MIT
/**
 * A history is what `trend` looks at: the figures of many runs, so that the runs themselves need not be kept. It is a folder with one file, history.ndjson, to which
 * lines are only ever appended. Each is sealed like a record of a run (see seal.ts), and a reader takes lines up to the first that cannot be trusted.
 */
import { z } from 'zod';
import { compiledWhenOften } from './compiled.ts';
import { toolSchema } from './manifest.ts';
import { seal, unseal } from './seal.ts';

export const historySchemaName = 'keystorm/history/1';
export const historyFile = 'history.ndjson';

const text = z.string().min(1);

/** A metric's figures in one run: a value a boot, null for a boot that has none. */
const pointSchema = z.strictObject({
  /** Number of the series. */
  series: z.int().min(0),
  /** The first 12 hex digits of a hash of all that was planned for the cell; runs that differ in it measured different things. */
  plan: z.string().regex(/^[0-9a-f]{12}$/),
  values: z.array(z.number().nullable()).min(1),
});
export type HistoryPoint = z.infer<typeof pointSchema>;

const bodies = [
  /** The first line, and no other. */
  z.strictObject({ kind: z.literal('history'), schema: z.literal(historySchemaName) }),
  /** What points speak of: numbered from 0 in order of appearance. */
  z.strictObject({
    kind: z.literal('series'),
    series: z.int().min(0),
    name: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/),
    unit: z.enum(['ns', '1/s', '1', 'insn', 'virtual-ns', 'byte']),
    /** All that a figure depends on but for what is to be followed: kernel and module. */
    dimensions: z.record(text, z.union([z.string(), z.number()])),
  }),
  z.strictObject({
    kind: z.literal('run'),
    runId: text,
    createdAt: z.iso.datetime({ precision: 3 }),
    tool: toolSchema,
    /** What is followed from run to run: kernel, module, … */
    subject: z.record(text, z.string()),
    /** What must stay as it is for figures to be comparable, beyond the series' dimensions: processor, hypervisor, … */
    conditions: z.record(text, z.string()),
    points: z.array(pointSchema).min(1),
  }),
  /** From here on the series that have all of `where` are learned anew, for the reason `note`. */
  z.strictObject({
    kind: z.literal('reset'),
    note: text,
    where: z.strictObject({ name: text.optional(), scenario: text.optional(), mechanism: text.optional() }),
  }),
] as const;

const stamp = {
  v: z.literal(1),
  /** Counts records from 0 without a gap. */
  seq: z.int().min(0),
  /** When it was appended. */
  at: z.iso.datetime({ precision: 3 }),
};

export const historyBodySchema = z.discriminatedUnion('kind', bodies);
/** A record as it is handed to the writer. */
export type HistoryBody = z.infer<typeof historyBodySchema>;

export const historyRecordSchema = z.discriminatedUnion('kind', [
  bodies[0].extend(stamp),
  bodies[1].extend(stamp),
  bodies[2].extend(stamp),
  bodies[3].extend(stamp),
]);
const checker = compiledWhenOften(historyRecordSchema);
export type HistoryRecord = z.infer<typeof historyRecordSchema>;
export type HistoryRecordOf<K extends HistoryRecord['kind']> = Extract<HistoryRecord, { kind: K }>;

/** The line of a record, without its newline. */
export function encodeHistoryRecord({ v, seq, at, kind, ...rest }: HistoryRecord): string {
  return seal({ v, seq, at, kind, ...rest });
}

export type DecodedHistoryRecord =
  | { readonly ok: true; readonly record: HistoryRecord }
  | {
      readonly ok: false;
      readonly reason: string;
      /** The line is whole: another version wrote it. */
      readonly foreign: boolean;
    };

/** Reads one line without its newline. Never throws. */
export function decodeHistoryRecord(line: Buffer): DecodedHistoryRecord {
  const unsealed = unseal(line);
  if (!unsealed.ok) return { ...unsealed, foreign: false };
  const parsed = checker().safeParse(unsealed.value);
  if (parsed.success) return { ok: true, record: parsed.data };
  const issue = parsed.error.issues[0];
  const reason = `is no record of ${historySchemaName} (${issue?.path.join('.')}: ${issue?.message})`;
  return { ok: false, reason, foreign: true };
}
