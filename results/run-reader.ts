// SPDX-License-Identifier: MIT
/**
 * Reads a run folder, whatever happened to it: everything up to the last valid record is given, and a run of which
 * anything is missing, torn or contradictory is incomplete, with the reasons. Nothing later may show it green.
 */
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { programCommand } from '../vm/host/program.ts';
import { integrityProblems } from './integrity.ts';
import { endSchema, fileIndent, type Manifest, manifestSchema, type RunEnd, runFiles } from './manifest.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import { decodeRecord, type RunRecord } from './records.ts';
import { unseal } from './seal.ts';
import { readableRunSchemas, upgradeManifest, upgradeRecord } from './upgrade.ts';

export type RunStatus = 'complete' | 'incomplete' | 'aborted';

/** A run as read back. */
export interface StoredRun {
  readonly dir: string;
  readonly manifest: Manifest;
  /** In order; a prefix of what was written if the file is damaged. */
  readonly records: readonly RunRecord[];
  /** 'complete': the harness came to its end and everything it wrote is here. Guests may still have failed. */
  readonly status: RunStatus;
  /** Sentences; empty if and only if there is nothing to say against the data. */
  readonly problems: readonly string[];
}

/** Reads the run in `dir`. KeystormError (exit 2) if there is no run of this version to be read there. */
export function readRun(dir: string, files: ReadOps = realReadOps): StoredRun {
  const manifest = readManifest(dir, files);
  const { records, problems } = readRecords(dir, files);
  const end = readEnd(dir, files, problems);
  if (end !== null && end.records !== records.length) {
    problems.push(`${runFiles.end} says ${end.records} records were written, ${records.length} can be read.`);
  }
  problems.push(...integrityProblems(manifest.plan, records, end?.status === 'complete'));
  return { dir, manifest, records, status: statusOf(end, records, problems), problems };
}

function statusOf(end: RunEnd | null, records: readonly RunRecord[], problems: readonly string[]): RunStatus {
  if (end?.status === 'aborted' || records.some((record) => record.kind === 'aborted')) return 'aborted';
  return end === null || problems.length > 0 ? 'incomplete' : 'complete';
}

function readManifest(dir: string, files: ReadOps): Manifest {
  const path = join(dir, runFiles.manifest);
  const bytes = readIfThere(path, files);
  if (bytes === null) {
    throw new KeystormError(
      files.exists(dir)
        ? `${dir} is not a run: it has no ${runFiles.manifest}; give the folder of a run.`
        : `There is no folder ${dir}; \`${programCommand()} list runs\` shows the runs there are.`,
    );
  }
  const unsealed = unseal(withoutNewline(bytes), fileIndent);
  if (!unsealed.ok) {
    throw new KeystormError(`${path} ${unsealed.reason}: it is damaged or was edited; restore it from a copy.`);
  }
  const schema = (unsealed.value as { schema?: unknown }).schema;
  if (!readableRunSchemas.some((each) => each === schema)) {
    throw new KeystormError(
      `${path} is of schema ${JSON.stringify(schema)}, this keystorm reads ${readableRunSchemas.slice(0, -1).join(', ')} and ${readableRunSchemas.at(-1)}; use the version that wrote it.`,
    );
  }
  const parsed = manifestSchema.safeParse(upgradeManifest(unsealed.value));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new KeystormError(
    `${path} does not fit ${schema} at ${issue?.path.join('.')} (${issue?.message}); use the version that wrote it.`,
  );
}

function readRecords(dir: string, files: ReadOps): { records: RunRecord[]; problems: string[] } {
  const path = join(dir, runFiles.frames);
  const bytes = readIfThere(path, files);
  if (bytes === null) return { records: [], problems: [`${runFiles.frames} is missing: nothing was recorded.`] };
  const records: RunRecord[] = [];
  for (let start = 0; start < bytes.length; ) {
    const line = records.length + 1;
    const stop = bytes.indexOf(0x0a, start);
    if (stop < 0) {
      return { records, problems: [`${runFiles.frames} ends in the middle of line ${line}; read up to there.`] };
    }
    const decoded = decodeRecord(bytes.subarray(start, stop));
    const reason = !decoded.ok
      ? decoded.reason
      : decoded.record.seq !== records.length
        ? `has number ${decoded.record.seq} where ${records.length} was due`
        : null;
    if (reason !== null) {
      return { records, problems: [`Line ${line} of ${runFiles.frames} ${reason}; nothing from there on was used.`] };
    }
    if (decoded.ok) records.push(upgradeRecord(decoded.record));
    start = stop + 1;
  }
  return { records, problems: [] };
}

/** Null, with a problem, if the harness never came to its end or the mark it left cannot be trusted. */
function readEnd(dir: string, files: ReadOps, problems: string[]): RunEnd | null {
  const bytes = readIfThere(join(dir, runFiles.end), files);
  if (bytes === null) {
    problems.push(`There is no ${runFiles.end}: the harness was killed, or is still running.`);
    return null;
  }
  const unsealed = unseal(withoutNewline(bytes), fileIndent);
  const parsed = unsealed.ok ? endSchema.safeParse(unsealed.value) : null;
  if (parsed?.success) return parsed.data;
  problems.push(`${runFiles.end} ${unsealed.ok ? 'is of another version' : unsealed.reason}.`);
  return null;
}

/** Null if there is no such file; one that is there and cannot be read is not a missing one. */
function readIfThere(path: string, files: ReadOps): Buffer | null {
  try {
    return files.read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new KeystormError(`Cannot read ${path} (${reason}); check its permissions.`, 2, { cause: error });
  }
}

/** The files people read end in one newline that is not part of the sealed text. */
function withoutNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}
