// SPDX-License-Identifier: MIT
/**
 * A record is one line of frames.ndjson: something that happened in a run, in the order in which the harness learned of
 * it. Records are only ever appended. Each is sealed (see seal.ts), so that a reader can tell a whole line from a torn one.
 */
import { z } from 'zod';
import { failureKinds } from '../vm/failure.ts';
import type { MachineDescription } from '../vm/machine.ts';
import { compiledWhenOften } from './compiled.ts';
import { type Frame, frameChecker, frameSchema } from './frames.ts';
import { toolSchema } from './manifest.ts';
import { seal, unseal } from './seal.ts';

/** What a machine is; the stored form of vm/machine.ts' MachineDescription. */
export const machineDescriptionSchema = z.strictObject({
  machine: z.string().min(1),
  accelerator: z.enum(['tcg', 'kvm', 'none']),
  vcpuPins: z.array(z.int().min(0)).readonly().optional(),
  smp: z.int().min(1),
  memoryMiB: z.int().min(1),
  clock: z.enum(['wall', 'icount', 'virtual']),
  kernel: z.string().min(1),
  kernelRelease: z.string(),
  kernelConfigHash: z.string(),
  moduleHash: z.string(),
  imageHash: z.string(),
  hypervisor: z.strictObject({ version: z.string(), args: z.array(z.string()).readonly() }).readonly(),
  cmdline: z.string(),
  notes: z.array(z.string()).readonly(),
}) satisfies z.ZodType<MachineDescription>;

/** What the writer writes. A reader takes this and the earlier ones, which knew fewer kinds and frames. */
export const recordVersion = 4;

const boot = z.int().min(0);

const bodies = [
  /** A guest's process runs, or could not be started: only then is everything about it known. */
  z.strictObject({ kind: z.literal('boot-start'), boot, description: machineDescriptionSchema }),
  /** A frame of the guest's runner. */
  z.strictObject({ kind: z.literal('frame'), boot, frame: frameSchema }),
  /** A line that claims to be a frame and is none: the text and what is wrong with it. Its boot is not to be trusted. */
  z.strictObject({ kind: z.literal('bad-frame'), boot, text: z.string(), reason: z.string() }),
  /** A line that does not claim to be a frame. */
  z.strictObject({ kind: z.literal('stray'), boot, text: z.string() }),
  /** The guest or the harness broke. `boot` is null when it was not about one boot. */
  z.strictObject({
    kind: z.literal('failure'),
    boot: boot.nullable(),
    failureKind: z.enum(failureKinds),
    message: z.string(),
    consoleTail: z.array(z.string()).readonly(),
    /** What the guest's kernel reported, if that is why; both or neither. */
    title: z.string().optional(),
    fingerprint: z.string().optional(),
  }),
  /** The harness is finished with a boot. */
  z.strictObject({ kind: z.literal('boot-end'), boot, outcome: z.enum(['done', 'failed', 'aborted']) }),
  /** What the harness itself used of the host while a window was open: from the last byte before it to the first after. */
  z.strictObject({
    kind: z.literal('harness'),
    boot,
    cell: z.string(),
    index: z.int().min(0),
    wallNs: z.int().min(0),
    cpuNs: z.int().min(0),
  }),
  /** Somebody stopped the run. */
  z.strictObject({ kind: z.literal('aborted'), boot: boot.nullable(), signal: z.string() }),
  /**
   * The run was cut off, and is taken up again here: the boots named are done once more, and earlier records of them no longer count.
   * `hostNs` goes on from the last record: what it has between the two is no duration.
   */
  z.strictObject({ kind: z.literal('resumed'), boot: z.null(), again: z.array(boot).min(1), tool: toolSchema }),
] as const;

/** What every record starts with; the writer fills it in. */
const stamp = {
  v: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(recordVersion)]),
  /** Counts records from 0 without a gap. */
  seq: z.int().min(0),
  /** Host's wall clock. */
  at: z.iso.datetime({ precision: 3 }),
  /** Host's monotonic clock, ns since the writer was made: differences of it are durations, those of `at` need not be. */
  hostNs: z.int().min(0),
};

export const recordBodySchema = z.discriminatedUnion('kind', bodies);
/** A record as it is handed to the writer. */
export type RecordBody = z.infer<typeof recordBodySchema>;

export const recordSchema = storedWith(frameSchema);
/**
 * The schema for one record of many, but for its frame, if it has one: that was checked when it came from the guest, or is to be
 * checked with `frameChecker`.
 */
export const recordChecker = compiledWhenOften(storedWith(z.custom<Frame>()));

function storedWith<F extends z.ZodType<Frame>>(frame: F) {
  return z.discriminatedUnion('kind', [
    bodies[0].extend(stamp),
    bodies[1].extend({ ...stamp, frame }),
    bodies[2].extend(stamp),
    bodies[3].extend(stamp),
    bodies[4].extend(stamp),
    bodies[5].extend(stamp),
    bodies[6].extend(stamp),
    bodies[7].extend(stamp),
    bodies[8].extend(stamp),
  ]);
}

/** A record as it is stored. */
export type RunRecord = z.infer<typeof recordSchema>;
export type RecordKind = RunRecord['kind'];
/** The record of one kind, e.g. `RecordOf<'failure'>`. */
export type RecordOf<K extends RecordKind> = Extract<RunRecord, { kind: K }>;

/** The line of a record, without its newline. */
export function encodeRecord(record: RunRecord): string {
  const { v, seq, at, hostNs, kind, ...rest } = record;
  return seal({ v, seq, at, hostNs, kind, ...rest });
}

export type DecodedRecord =
  | { readonly ok: true; readonly record: RunRecord }
  | { readonly ok: false; readonly reason: string };

/** Reads one line without its newline. Never throws. */
export function decodeRecord(line: Buffer | string): DecodedRecord {
  const unsealed = unseal(typeof line === 'string' ? Buffer.from(line, 'utf8') : line);
  if (!unsealed.ok) return unsealed;
  const parsed = recordChecker().safeParse(unsealed.value);
  if (!parsed.success) return notOfThisVersion(parsed.error);
  const record: RunRecord = parsed.data;
  if (record.kind !== 'frame') return { ok: true, record };
  const frame = frameChecker().safeParse(record.frame);
  if (!frame.success) return notOfThisVersion(frame.error, 'frame');
  return { ok: true, record: { ...record, frame: frame.data } };
}

/** `at`: where in the record the value is that was checked. */
function notOfThisVersion({ issues }: z.core.$ZodError, ...at: readonly string[]): DecodedRecord {
  const [issue] = issues;
  return {
    ok: false,
    reason: `is no record of this version (${[...at, ...(issue?.path ?? [])].join('.')}: ${issue?.message})`,
  };
}
