// SPDX-License-Identifier: MIT
/**
 * Reads a run folder, whatever happened to it: everything up to the last valid record is given, and a run of which
 * anything is missing, torn or contradictory is incomplete, with the reasons. Nothing later may show it green.
 */
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { programCommand } from '../vm/host/program.ts';
import { integrityProblems } from './integrity.ts';
import { endSchema, fileIndent, type Manifest, manifestChecker, type RunEnd, runFiles } from './manifest.ts';
import type { Plan } from './plan.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import { readLog } from './record-log.ts';
import type { RunRecord } from './records.ts';
import { recordsInForce } from './resumption.ts';
import { unseal } from './seal.ts';
import { bootsOfShard, planOfShard, shardName } from './shards.ts';
import { readableRunSchemas, upgradeManifest, upgradeRecord } from './upgrade.ts';

export type RunStatus = 'complete' | 'incomplete' | 'aborted';

/** A run as read back. */
export interface StoredRun {
  readonly dir: string;
  /** Of a shard the plan is its own part alone; readManifest gives the whole. */
  readonly manifest: Manifest;
  /**
   * In order, of a prefix of what was written if the file is damaged. Of a run that was taken up again, without what no longer counts:
   * `seq` then has gaps.
   */
  readonly records: readonly RunRecord[];
  /** 'complete': the harness came to its end and everything it wrote is here. Guests may still have failed. */
  readonly status: RunStatus;
  /** Sentences; empty if and only if there is nothing to say against the data. */
  readonly problems: readonly string[];
}

/** Reads the run in `dir`. KeystormError (exit 2) if there is no run of this version to be read there. */
export function readRun(dir: string, files: ReadOps = realReadOps): StoredRun {
  const stored = readManifest(dir, files);
  const manifest = stored.shard === undefined ? stored : { ...stored, plan: planOfShard(stored.plan, stored.shard) };
  const { records: written, problems } = readRecords(dir, files);
  const end = readEnd(dir, files, problems);
  if (end !== null && end.records !== written.length) {
    problems.push(`${runFiles.end} says ${end.records} records were written, ${written.length} can be read.`);
  }
  const records = recordsInForce(written);
  problems.push(...mergingProblems(manifest));
  for (const problem of integrityProblems(planHeld(manifest), records, end?.status === 'complete')) {
    // Of a shard's garbled frames the shard has said so already.
    if (!problems.some((each) => each.endsWith(`: ${problem}`))) problems.push(problem);
  }
  return { dir, manifest, records, status: statusOf(end, records, problems), problems };
}

function statusOf(end: RunEnd | null, records: readonly RunRecord[], problems: readonly string[]): RunStatus {
  if (end?.status === 'aborted' || records.some((record) => record.kind === 'aborted')) return 'aborted';
  return end === null || problems.length > 0 ? 'incomplete' : 'complete';
}

/** The boots of which there can be something: of a run that was put together without some shards not all of the plan's. */
function planHeld({ plan, merged }: Manifest): Plan {
  if (merged === undefined) return plan;
  const { count, shards } = merged;
  const held = new Set(shards.flatMap(({ index }) => bootsOfShard(plan, { index, count })));
  return { ...plan, boots: plan.boots.filter((boot) => held.has(boot)) };
}

/** Of a run that was put together: shards that were not there, and what there was to say against those that were. */
function mergingProblems({ plan, merged }: Manifest): string[] {
  if (merged === undefined) return [];
  const { count, shards } = merged;
  return Array.from({ length: count }, (_, position) => ({ index: position + 1, count })).flatMap((shard) => {
    const there = shards.find(({ index }) => index === shard.index);
    if (there !== undefined) return there.problems.map((problem) => `Shard ${shardName(shard)}: ${problem}`);
    const boots = bootsOfShard(plan, shard).map(({ index }) => index);
    return [`Shard ${shardName(shard)} is missing, and with it boots ${boots.join(', ')}.`];
  });
}

/**
 * What the run in `dir` is, as it was written; of a shard with the whole plan.
 * KeystormError (exit 2) if there is no run of a readable version there.
 */
export function readManifest(dir: string, files: ReadOps = realReadOps): Manifest {
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
  const parsed = manifestChecker().safeParse(upgradeManifest(unsealed.value));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new KeystormError(
    `${path} does not fit ${schema} at ${issue?.path.join('.')} (${issue?.message}); use the version that wrote it.`,
  );
}

function readRecords(dir: string, files: ReadOps): { records: RunRecord[]; problems: string[] } {
  const bytes = readIfThere(join(dir, runFiles.frames), files);
  if (bytes === null) return { records: [], problems: [`${runFiles.frames} is missing: nothing was recorded.`] };
  const { records, problem } = readLog(bytes);
  return { records: records.map(upgradeRecord), problems: problem === null ? [] : [problem] };
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
