// SPDX-License-Identifier: MIT
/**
 * What nightly jobs have told of a history: the alerts that are still open, so that each is raised once. A small file beside the history, replaced as a whole after
 * every night. It is sealed (see seal.ts), and one that cannot be trusted is left alone.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { KeystormError } from '../vm/failure.ts';
import { type FileOps, realFileOps, writeAtomically } from './file-ops.ts';
import { fileIndent } from './manifest.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import { seal, unseal } from './seal.ts';
import { isSystemError, storageError } from './storage-error.ts';

export const nightlyStateName = 'keystorm/nightly-state/1';
export const nightlyStateFile = 'nightly-alerts.json';

/** What an alert is of. */
export const alertKinds = [
  /** A metric that is worse than the baseline's. */
  'metric',
  /** An expectation that is not met. */
  'verdict',
  /** Guests that fail where the baseline's do not. */
  'guest',
  /** A metric that got worse in the course of nights. */
  'trend',
] as const;

const moment = z.iso.datetime({ precision: 3 });

const alertSchema = z.strictObject({
  /** The same every night, as long as it is the same that is wrong. */
  id: z.string().regex(/^[0-9a-f]{12}$/),
  kind: z.enum(alertKinds),
  /** What is wrong, as it was told last. */
  what: z.string().min(1),
  /** The night on which it was raised, and the last one that found it so: when they were begun. */
  raised: moment,
  seen: moment,
});
/** One that was raised and is open. */
export type OpenAlert = z.infer<typeof alertSchema>;

const stateSchema = z.strictObject({
  schema: z.literal(nightlyStateName),
  alerts: z.array(alertSchema).refine((alerts) => new Set(alerts.map(({ id }) => id)).size === alerts.length, {
    message: 'an alert is there twice',
  }),
});

/** The alerts that are open; none where no night has told of any yet. @throws KeystormError (2) if what is there cannot be trusted or read. */
export function readOpenAlerts(dir: string, files: ReadOps = realReadOps): OpenAlert[] {
  const path = join(dir, nightlyStateFile);
  let bytes: Buffer;
  try {
    bytes = files.read(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new KeystormError(`Cannot read ${path} (${message}); check its permissions.`, 2, { cause: error });
  }
  const end = bytes.at(-1) === 0x0a ? -1 : bytes.length;
  const unsealed = unseal(bytes.subarray(0, end), fileIndent);
  if (!unsealed.ok) throw untrusted(path, unsealed.reason);
  const schema = (unsealed.value as { schema?: unknown }).schema;
  if (schema !== nightlyStateName)
    throw new KeystormError(
      `${path} is of schema ${JSON.stringify(schema)}, this keystorm reads ${nightlyStateName}: use the version that wrote it, or another history.`,
    );
  const parsed = stateSchema.safeParse(unsealed.value);
  if (parsed.success) return parsed.data.alerts;
  const [issue] = parsed.error.issues;
  throw untrusted(path, `is not as it should be (${issue?.path.join('.')}: ${issue?.message})`);
}

/** On disk, whole, when it returns. @throws KeystormError (3) when the disk does not take it: then what was there is. */
export function writeOpenAlerts(dir: string, alerts: readonly OpenAlert[], files: FileOps = realFileOps): void {
  const text = seal(stateSchema.parse({ schema: nightlyStateName, alerts }), fileIndent);
  try {
    writeAtomically(files, dir, nightlyStateFile, `${text}\n`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw storageError(
      `Cannot write ${join(dir, nightlyStateFile)}`,
      error,
      'alerts of this night are raised again on the next',
    );
  }
}

function untrusted(path: string, why: string): KeystormError {
  return new KeystormError(
    `${path}, which says what alerts are open, ${why}: restore it from a copy, or remove it, and each that is open is raised once more.`,
  );
}
