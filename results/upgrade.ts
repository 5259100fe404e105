// SPDX-License-Identifier: MIT
/**
 * Brings what an earlier format wrote to the present one, so that old runs stay readable: one step a version, each
 * saying in the new words what the old version could not help meaning.
 */
import { z } from 'zod';
import { runSchemaName } from './manifest.ts';
import { planSchemaName } from './plan.ts';
import type { RunRecord } from './records.ts';

/** Formats of a run that can be read, the present one last. */
export const readableRunSchemas = [
  'keystorm/run/1',
  'keystorm/run/2',
  'keystorm/run/3',
  'keystorm/run/4',
  'keystorm/run/5',
  runSchemaName,
] as const;

/** Only what the step touches; the rest goes through as it is and is checked by the present schema afterwards. */
const manifest1 = z.looseObject({
  schema: z.literal('keystorm/run/1'),
  plan: z.looseObject({
    schema: z.literal('keystorm/plan/1'),
    cells: z.array(
      z.looseObject({
        payloadBytes: z.int(),
        windows: z.array(z.looseObject({ fault: z.looseObject({ restartMs: z.int() }).optional() })),
      }),
    ),
  }),
});

const manifest2 = z.looseObject({
  schema: z.literal('keystorm/run/2'),
  plan: z.looseObject({ schema: z.literal('keystorm/plan/2'), checks: z.never().optional() }),
});

/** Cells go through as they are but for their windows. */
const manifest3 = z.looseObject({
  schema: z.literal('keystorm/run/3'),
  plan: z.looseObject({
    schema: z.literal('keystorm/plan/3'),
    cells: z.array(
      z.looseObject({
        windows: z.array(z.looseObject({ fault: z.looseObject({}).optional(), faults: z.never().optional() })),
      }),
    ),
  }),
});

/** Its plan goes through as it is: it is of the present format. */
const manifest4 = z.looseObject({
  schema: z.literal('keystorm/run/4'),
  shard: z.never().optional(),
  merged: z.never().optional(),
});

/** All there is today but what is new since. */
const manifest5 = z.looseObject({
  schema: z.literal('keystorm/run/5'),
  plan: z.looseObject({ schema: z.literal('keystorm/plan/4'), moduleCommit: z.never().optional() }),
  pair: z.never().optional(),
});

/** The manifest in the present format, to be checked by its schema; what is of no known format is returned as it is. */
export function upgradeManifest(value: unknown): unknown {
  if (value !== null && typeof value === 'object' && 'schema' in value && value.schema === runSchemaName) return value;
  const first = manifest1.safeParse(value);
  const from = first.success ? from1(first.data) : value;
  const second = manifest2.safeParse(from);
  const since2 = second.success ? from2(second.data) : from;
  const third = manifest3.safeParse(since2);
  const since3 = third.success ? from3(third.data) : since2;
  const fourth = manifest4.safeParse(since3);
  const since4 = fourth.success ? from4(fourth.data) : since3;
  const fifth = manifest5.safeParse(since4);
  return fifth.success ? from5(fifth.data) : since4;
}

/** Before version 2 all load was closed-loop and timed, each request for a key of its own, and guests were emulated. */
function from1(manifest: z.infer<typeof manifest1>) {
  const { plan } = manifest;
  const cells = plan.cells.map((cell) => ({
    ...cell,
    payloadBytes: [cell.payloadBytes],
    requests: { kind: 'fresh', hitPercent: 0 },
    windows: cell.windows.map(({ fault, ...window }) => {
      if (fault === undefined) return window;
      const { restartMs, ...same } = fault;
      return { ...window, fault: { ...same, untilMs: restartMs } };
    }),
  }));
  const schema = 'keystorm/plan/2';
  return { ...manifest, schema: 'keystorm/run/2', plan: { ...plan, schema, accelerator: 'tcg', cells } };
}

/** Before version 3 no program of the guest reported properties. */
function from2(manifest: z.infer<typeof manifest2>) {
  const plan = { ...manifest.plan, schema: 'keystorm/plan/3', checks: [] };
  return { ...manifest, schema: 'keystorm/run/3', plan };
}

/** Before version 4 a window had one fault at most. */
function from3(manifest: z.infer<typeof manifest3>) {
  const { plan } = manifest;
  const cells = plan.cells.map((cell) => ({
    ...cell,
    windows: cell.windows.map(({ fault, ...window }) =>
      fault === undefined ? window : { ...window, faults: [fault] },
    ),
  }));
  return { ...manifest, schema: 'keystorm/run/4', plan: { ...plan, schema: 'keystorm/plan/4', cells } };
}

/** Before version 5 a run was all of its plan, done by one harness. */
function from4(manifest: z.infer<typeof manifest4>) {
  return { ...manifest, schema: 'keystorm/run/5' };
}

/** Before version 6 all modules were of the working tree, and no run knew of another. */
function from5(manifest: z.infer<typeof manifest5>) {
  return { ...manifest, schema: runSchemaName, plan: { ...manifest.plan, schema: planSchemaName } };
}

/** Counters that had other names when only the session route had agents. */
const renamedCounters = new Map([
  ['session_signal', 'notified_signal'],
  ['session_fd_write', 'notified_fd_write'],
]);

/** A record of an earlier version in the present words; what it lacks stays absent. */
export function upgradeRecord(record: RunRecord): RunRecord {
  if (record.v >= 3 || record.kind !== 'frame' || record.frame.t !== 'counters') return record;
  const delta = Object.entries(record.frame.delta).map(([name, value]) => [renamedCounters.get(name) ?? name, value]);
  return { ...record, frame: { ...record.frame, delta: Object.fromEntries(delta) } };
}
