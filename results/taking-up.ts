// SPDX-License-Identifier: MIT
/** Which stored runs can be gone on with: asked before it is done, and before somebody is told to. */
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { runFiles, runSchemaName } from './manifest.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import { isDamagedWithin, type RecordLog, readLog } from './record-log.ts';
import { unfinishedBoots } from './resumption.ts';
import type { StoredRun } from './run-reader.ts';

/**
 * Some boots of it are to be done, and it is of a kind and in a state to which records can be added.
 * @throws KeystormError (2) that says what is against it, and the file system's error.
 */
export function demandUnfinished(run: StoredRun, reading: ReadOps = realReadOps): void {
  const { dir, manifest, records } = run;
  if (manifest.merged !== undefined)
    throw new KeystormError(`${dir} was put together of shards: take up the shard that was cut off, and merge again.`);
  if (unfinishedBoots(manifest.plan, records).length === 0)
    throw new KeystormError(`Every boot of ${dir} came to its end: nothing is left to take up.`);
  logToTakeUp(dir, reading);
}

/**
 * What is recorded of the run in `dir`, and how many bytes the log has: those beyond its `length` are torn.
 * @throws KeystormError (2) for a run of an earlier format, which is read, but nothing is added to it, and for a log that is damaged otherwise than at its end.
 */
export function logToTakeUp(dir: string, reading: ReadOps): { readonly log: RecordLog; readonly bytes: number } {
  demandPresentFormat(dir, reading);
  const path = join(dir, runFiles.frames);
  if (!reading.exists(path))
    throw new KeystormError(`${path} is not there, so nothing of the run is left to go on with: begin a new one.`);
  const bytes = reading.read(path);
  const log = readLog(bytes);
  if (!isDamagedWithin(bytes, log)) return { log, bytes: bytes.length };
  throw new KeystormError(
    `${log.problem} Whole records follow, so it was not cut off but damaged: restore ${path} from a copy, or begin a new run.`,
  );
}

function demandPresentFormat(dir: string, reading: ReadOps): void {
  const path = join(dir, runFiles.manifest);
  const { schema } = JSON.parse(reading.read(path).toString('utf8')) as { schema?: unknown };
  if (schema === runSchemaName) return;
  throw new KeystormError(
    `${path} is of schema ${JSON.stringify(schema)}: only the version that wrote it can take it up.`,
  );
}
