// SPDX-License-Identifier: MIT
/**
 * The frames a guest's runner writes (docs/guest-protocol.md), as types and as checks. A guest is not trusted: a frame has
 * exactly the fields the protocol names, of exactly those types, or it is no frame, and the reason is recorded.
 */
import { z } from 'zod';
import { compiledWhenOften } from './compiled.ts';
import { crc32Hex } from './crc32.ts';
import { histogramSchema } from './histogram-data.ts';
import { deliveries, faultSchema, floorNames, name, propertyName } from './plan.ts';

/** The version of the protocol that a runner speaks; stored frames may be of an earlier one. */
export const protocolVersion = 4;

const cellId = z.string().regex(/^[a-z0-9-]{1,32}$/);
const containerName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
const count = z.int().min(0);
/** Nanoseconds of the guest's CLOCK_MONOTONIC. */
const mono = z.int().min(0);
const errnoName = z.string().regex(/^E[A-Z0-9]+$/);

/** Inode numbers of a process's namespaces: what tells one container's from another's. */
export const namespacesSchema = z.strictObject({
  user: count,
  net: count,
  mnt: count,
  pid: count,
  uts: count,
  ipc: count,
  cgroup: count,
});
export type Namespaces = z.infer<typeof namespacesSchema>;

const n = z.int().min(0);

export const helloFrame = z.strictObject({
  t: z.literal('hello'),
  n,
  protocol: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(protocolVersion)]),
  boot: count,
  kernel: z.string(),
  version: z.string(),
  machine: z.string(),
  smp: z.int().min(1),
  clocksource: z.string(),
  cmdline: z.string(),
  module: z.string(),
  mono,
  init_ns: namespacesSchema,
});

export const beatFrame = z.strictObject({ t: z.literal('beat'), n, mono, phase: z.string() });

export const floorFrame = z.strictObject({
  t: z.literal('floor'),
  n,
  name: z.enum(floorNames),
  hist: histogramSchema,
  mono_start: mono,
  mono_end: mono,
});

export const cellFrame = z.strictObject({
  t: z.literal('cell'),
  n,
  id: cellId,
  mechanism: z.string(),
  mono,
  containers: z.array(
    z.strictObject({
      name: containerName,
      runtime: z.literal('crun'),
      start_ns: count,
      uid: count,
      ns: namespacesSchema,
    }),
  ),
});

export const agentFrame = z.strictObject({
  t: z.literal('agent'),
  n,
  cell: cellId,
  /** Null: the agent that all containers share. */
  container: containerName.nullable(),
  agent: count,
  pid: count,
  delivery: z.enum(deliveries),
  mono,
  ns: namespacesSchema,
  restart: z.boolean(),
});

const windowFields = z.strictObject({
  t: z.literal('window'),
  n,
  cell: cellId,
  index: count,
  container: containerName,
  mono_start: mono,
  mono_end: mono,
  started: count,
  ended: count,
  ok: count,
  /** Of those ok: ended by mono_end; the others were under way then. Not known of batches, nor to runners of protocol 1. */
  in_time: count.optional(),
  errors: z.record(errnoName, count),
  wrong: count,
  foreign_ns: count,
  open: count,
  twice: count,
  late: count,
  /** With the fault kill-requester: requests whose requester was killed while it waited. They are in no other count. */
  killed: count.optional(),
  truncated: z.boolean(),
  hist: histogramSchema,
  errors_hist: histogramSchema.nullable(),
  /** Open loop: starts made late, and never made, for lack of a free requester; latencies from the actual start. */
  arrivals: z.strictObject({ late: count, missed: count, service_hist: histogramSchema }).optional(),
  /** Requests for keys the requester had (not in `hist`, but in all the counts above). */
  hits: z.strictObject({ ok: count, hist: histogramSchema }).optional(),
  /** Storms: rounds begun, and how long each took from its first start to its last end. */
  rounds: z.strictObject({ count, hist: histogramSchema }).optional(),
  /** Not timed one by one: `hist` is empty. */
  batch: z.strictObject({ size: z.int().min(1), clock_reads: count }).optional(),
});

/** A histogram that does not hold what was counted would give quantiles of something else. */
export const windowFrame = windowFields.superRefine((window, context) => {
  const wrong = disagreement(window);
  if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
});

function disagreement({ ok, in_time, hist, hits, arrivals, batch }: z.infer<typeof windowFields>): string | null {
  const upcalls = ok - (hits?.ok ?? 0);
  if (in_time !== undefined && in_time > ok) return `${in_time} requests were ok in time, ok are ${ok}`;
  if (hits !== undefined && hits.hist.count !== hits.ok) return `hits.hist holds ${hits.hist.count} of ${hits.ok} hits`;
  if (hist.count !== (batch === undefined ? upcalls : 0)) return `hist holds ${hist.count} of ${upcalls} ok requests`;
  const made = arrivals?.service_hist.count ?? hist.count;
  return made === hist.count ? null : `arrivals.service_hist holds ${made} requests, hist ${hist.count}`;
}

/** What crossed the border of the guest, and what the host took, from just before a window to just after it. */
export const meterFrame = z.strictObject({
  t: z.literal('meter'),
  n,
  cell: cellId,
  index: count,
  mono_before: mono,
  mono_after: mono,
  /** Every network interface of the init namespace but lo. */
  rx_packets: count,
  tx_packets: count,
  rx_bytes: count,
  tx_bytes: count,
  /** Written to and read from the serial port by programs, and what the kernel itself wrote there of its log. */
  console_bytes: count,
  kernel_log_bytes: count,
  /** Of all processors, from /proc/stat (10 ms steps). */
  steal_ns: count,
  idle_ns: count,
  context_switches: count,
});

/** Columns of a `samples` row; errno is 0 for ok, latency and start are ns. */
export const sampleFields = ['start', 'latency', 'errno', 'agent', 'worker'] as const;
export const maxSampleRows = 2000;

export const samplesFrame = z.strictObject({
  t: z.literal('samples'),
  n,
  cell: cellId,
  index: count,
  container: containerName,
  mono_start: mono,
  fields: z.tuple([
    z.literal('start'),
    z.literal('latency'),
    z.literal('errno'),
    z.literal('agent'),
    z.literal('worker'),
  ]),
  rows: z.array(z.tuple([count, z.int(), z.int(), z.int(), count])).max(maxSampleRows),
  last: z.boolean(),
});

/**
 * Parts of an upcall's time, in the order in which they pass. In open loop `held`, from when a
 * request was due until it was made. Through the module: `enter` requester to module, `route` until it
 * tells somebody, `wake` until that one runs, `assume` its authority, `prepare` its answer, `instantiate` until the module
 * knows, `return` to the requester. Without it: `spawn` until a helper or agent runs, `assume`, `prepare`, `finish`.
 */
export const stageParts = [
  'held',
  'enter',
  'route',
  'spawn',
  'wake',
  'assume',
  'prepare',
  'instantiate',
  'finish',
  'return',
] as const;
export type StagePart = (typeof stageParts)[number];

const stagesFields = z.strictObject({
  t: z.literal('stages'),
  n,
  cell: cellId,
  index: count,
  container: containerName,
  /** Ok requests that were taken apart; those that could not be; records of the module that were lost. */
  requests: count,
  unjoined: count,
  lost: count,
  parts: z.array(z.strictObject({ name: z.enum(stageParts), hist: histogramSchema })),
});

/** Where the time of a window's requests went. The parts of one request add up to its latency. */
export const stagesFrame = stagesFields.superRefine(({ parts, requests }, context) => {
  const over = parts.find(({ hist }) => hist.count > requests);
  const twice = parts.find(({ name }, i) => parts.findIndex((each) => each.name === name) < i);
  if (over !== undefined)
    context.addIssue({ code: 'custom', message: `part ${over.name} holds ${over.hist.count} of ${requests} requests` });
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `part ${twice.name} comes twice` });
});

export const outcomes = ['held', 'violated', 'unknown', 'not-applicable'] as const;

/** What a check of the guest reported about one property. */
export const checkFrame = z.strictObject({
  t: z.literal('check'),
  n,
  /** The block's id. */
  cell: cellId,
  check: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  property: propertyName,
  outcome: z.enum(outcomes),
  evidence: z.string(),
  mono,
});

/** A fault that a check has injected itself. */
export const checkFaultFrame = z.strictObject({
  t: z.literal('check-fault'),
  n,
  /** The block's id. */
  cell: cellId,
  check: checkFrame.shape.check,
  fault: name,
  /** How often it was seen to take effect; 0: it hit nothing, and what the check reports shows nothing. */
  hits: count,
  /** A probe at the end found it gone. */
  gone: z.boolean(),
  mono,
});

export const faultFrame = z.strictObject({
  t: z.literal('fault'),
  n,
  cell: cellId,
  index: count,
  name: faultSchema.shape.name,
  /** Null: the guest as a whole. */
  container: containerName.nullable(),
  phase: z.enum(['inject', 'clear']),
  mono_before: mono,
  mono_after: mono,
  hits: count,
  /** Of whom it was done to, or who took its place; 0: none. */
  pid: count,
  /** When cleared: a probe found it undone. Absent before the fourth protocol. */
  gone: z.boolean().optional(),
  /** When cleared, of what an agent does wrong: how often the kernel did something else to it than it must. */
  amiss: count.optional(),
});

export const countersFrame = z.strictObject({
  t: z.literal('counters'),
  n,
  cell: cellId,
  delta: z.record(z.string().regex(/^[a-z0-9_]+$/), z.int()),
  /** All requests of the cell as the requesters saw them, warm-up and hits included. */
  upcalls_ok: count,
  upcalls_failed: count,
  /** Of these: asked for a key the requester had; and rounds of storms. */
  hits: count.optional(),
  rounds: count.optional(),
});

export const keysFrame = z.strictObject({
  t: z.literal('keys'),
  n,
  cell: cellId,
  under_construction: z.int(),
  users: z.record(z.string().regex(/^\d+$/), z.strictObject({ keys: z.int(), bytes: z.int() })),
});

export const kmsgFrame = z.strictObject({
  t: z.literal('kmsg'),
  n,
  cell: cellId.nullable(),
  lines: z.array(z.tuple([z.int().min(0).max(7), z.int().min(0), z.string()])),
});

export const unloadFrame = z.strictObject({
  t: z.literal('unload'),
  n,
  ok: z.boolean(),
  errno: errnoName.nullable(),
  ns: count,
  refcount_before: z.int(),
});

export const errorFrame = z.strictObject({ t: z.literal('error'), n, where: z.string(), message: z.string() });
export const doneFrame = z.strictObject({ t: z.literal('done'), n, mono });

export const frameSchema = z.discriminatedUnion('t', [
  helloFrame,
  beatFrame,
  floorFrame,
  cellFrame,
  agentFrame,
  windowFrame,
  meterFrame,
  samplesFrame,
  stagesFrame,
  checkFrame,
  checkFaultFrame,
  faultFrame,
  countersFrame,
  keysFrame,
  kmsgFrame,
  unloadFrame,
  errorFrame,
  doneFrame,
]);
export type Frame = z.infer<typeof frameSchema>;
export type FrameType = Frame['t'];
/** The frame of one type, e.g. `FrameOf<'window'>`. */
export type FrameOf<T extends FrameType> = Extract<Frame, { t: T }>;

/** The schema for one frame of many. */
export const frameChecker = compiledWhenOften(frameSchema);

export type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: string };

/** True for a line that claims to be a frame; any other line is stray output. */
export function looksLikeFrame(line: string): boolean {
  return line.startsWith('KSF ');
}

/** Reads one line (without its newline) that claims to be a frame. `reason` says in a few words what is wrong with it. */
export function decodeFrameLine(line: string): DecodedFrame {
  const match = /^KSF ([0-9a-f]{8}) (\{.*\})$/s.exec(line);
  if (match === null) return { ok: false, reason: 'not of the form KSF <crc32> <json>' };
  const [, crc, json] = match as unknown as [string, string, string];
  if (crc32Hex(json) !== crc) return { ok: false, reason: `crc is ${crc32Hex(json)}, the line says ${crc}` };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, reason: 'the crc is right but the json does not parse' };
  }
  const parsed = frameChecker().safeParse(value);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, reason: `${issue?.path.join('.') || 'frame'}: ${issue?.message ?? 'does not fit the protocol'}` };
}

/** The line of a frame, without its newline. */
export function encodeFrameLine(frame: Frame): string {
  const json = JSON.stringify(frame);
  return `KSF ${crc32Hex(json)} ${json}`;
}
