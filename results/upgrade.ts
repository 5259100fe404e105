// SPDX-License-Identifier: MIT
/**
 * Brings a manifest of an earlier format to the present one, so that old runs stay readable: one step a version, each
 * saying in the new words what the old version could not help meaning. Records need none: what was added to them is optional.
 */
import { z } from 'zod';
import { runSchemaName } from './manifest.ts';
import { planSchemaName } from './plan.ts';

/** Formats of a run that can be read, the present one last. */
export const readableRunSchemas = ['keystorm/run/1', runSchemaName] as const;

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

/** The manifest in the present format, to be checked by its schema; what is of no known format is returned as it is. */
export function upgradeManifest(value: unknown): unknown {
  const first = manifest1.safeParse(value);
  return first.success ? from1(first.data) : value;
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
  return { ...manifest, schema: runSchemaName, plan: { ...plan, schema: planSchemaName, accelerator: 'tcg', cells } };
}
