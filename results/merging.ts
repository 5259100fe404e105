// SPDX-License-Identifier: MIT
/**
 * Puts the shards of a plan together to the run that they are parts of. What is to be said against them is found before anything is
 * written, and does not depend on the order in which they are given; neither does what is written.
 */
import path from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import { programCommand } from '../vm/host/program.ts';
import type { MachineDescription } from '../vm/machine.ts';
import { realFileOps, removeIfPossible } from './file-ops.ts';
import { differenceOf } from './machine-difference.ts';
import { type Manifest, type MergedShard, runFiles } from './manifest.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import type { RecordBody, RunRecord } from './records.ts';
import { readManifest, readRun, type StoredRun } from './run-reader.ts';
import { type HostClock, RunWriter, type RunWriterOptions } from './run-writer.ts';
import { bootsOfShard, planHash, type Shard, shardName } from './shards.ts';

/** A shard's folder as read back. */
export interface StoredShard {
  readonly dir: string;
  /** With the whole plan. */
  readonly manifest: Manifest;
  readonly shard: Shard;
  readonly run: StoredRun;
}

/** KeystormError (exit 2) if there is no readable run in `dir`, or one that is no shard. */
export function readShard(dir: string, files: ReadOps = realReadOps): StoredShard {
  const manifest = readManifest(dir, files);
  if (manifest.shard !== undefined) return { dir, manifest, shard: manifest.shard, run: readRun(dir, files) };
  const what = manifest.merged === undefined ? 'is a run of its whole plan' : 'was put together of shards itself';
  throw new KeystormError(`${dir} ${what}: give the folders that \`bench --shard\` wrote.`);
}

/**
 * The shards in order, if they belong together and are all there and complete.
 * KeystormError: 2 when they do not belong together, or one is there twice; 4 when one is missing or incomplete, unless
 * `incomplete` says that this is known.
 */
export function demandTogether(
  given: readonly StoredShard[],
  { incomplete }: { readonly incomplete: boolean },
): StoredShard[] {
  const shards = [...given].sort((a, b) => a.shard.index - b.shard.index);
  demandOnePlan(shards);
  demandEachOnce(shards);
  demandOneMachine(shards);
  const lacking = [...missing(shards), ...shards.flatMap(notComplete)];
  if (lacking.length === 0 || incomplete) return shards;
  throw new KeystormError(
    `The run would not be complete: ${lacking.join('; ')}. Do what is missing, take up what was cut off with \`${programCommand()} bench --resume RUN\`, or give --incomplete.`,
    4,
  );
}

function demandOnePlan([first, ...others]: readonly StoredShard[]): void {
  if (first === undefined) throw new KeystormError('There is nothing to merge: give the folders of shards.');
  const hash = planHash(first.manifest.plan);
  for (const { dir, manifest, shard } of others) {
    const other = planHash(manifest.plan);
    if (other !== hash) {
      throw new KeystormError(
        `${dir} is a shard of plan ${other.slice(0, 12)}, ${first.dir} of plan ${hash.slice(0, 12)}: give the shards of one plan.`,
      );
    }
    if (shard.count !== first.shard.count) {
      throw new KeystormError(
        `${dir} is shard ${shardName(shard)}, ${first.dir} is shard ${shardName(first.shard)}: give the shards of one division of the plan.`,
      );
    }
  }
}

function demandEachOnce(shards: readonly StoredShard[]): void {
  const doubled = shards.flatMap(({ shard }, i) => {
    const alike = shards.filter((each) => each.shard.index === shard.index);
    return alike.length > 1 && alike[0] === shards[i]
      ? [`${shardName(shard)} (${alike.map(({ dir }) => dir).join(', ')})`]
      : [];
  });
  if (doubled.length === 0) return;
  throw new KeystormError(`There more than once: shard ${doubled.join(', shard ')}; give each once.`);
}

/** Figures of their boots are put together: what must be the same within a run must be so here. */
function demandOneMachine(shards: readonly StoredShard[]): void {
  let first: { readonly dir: string; readonly description: MachineDescription } | undefined;
  for (const { dir, run } of shards) {
    for (const record of run.records) {
      if (record.kind !== 'boot-start') continue;
      first ??= { dir, description: record.description };
      const difference = differenceOf(first.description, record.description);
      if (difference === null) continue;
      const { field, values } = difference;
      throw new KeystormError(
        `The guests of ${first.dir} had ${field} ${values[0]}, those of ${dir} ${values[1]}: shards do not go together unless kernel, module, image and machine are the same; do one of them again.`,
      );
    }
  }
}

function missing(shards: readonly StoredShard[]): string[] {
  const [first] = shards;
  if (first === undefined) return [];
  const { count } = first.shard;
  const there = new Set(shards.map(({ shard }) => shard.index));
  return Array.from({ length: count }, (_, position) => ({ index: position + 1, count }))
    .filter(({ index }) => !there.has(index))
    .map((shard) => {
      const boots = bootsOfShard(first.manifest.plan, shard).map(({ index }) => index);
      return `shard ${shardName(shard)} is missing (boot${boots.length > 1 ? 's' : ''} ${boots.join(', ')})`;
    });
}

function notComplete({ dir, shard, run }: StoredShard): string[] {
  if (run.status === 'complete') return [];
  const [why] = run.problems;
  return [
    `shard ${shardName(shard)} in ${dir} is ${run.status}${why === undefined ? '' : ` (${why.replace(/\.$/, '')})`}`,
  ];
}

/** What only whoever merges knows of the run that comes of it. */
export interface MergedOrigin extends Pick<Manifest, 'runId' | 'tool' | 'repro'> {
  readonly dir: string;
}

/**
 * Writes the run that the shards are parts of. `before` its end is called when all records are there, with the folder.
 * KeystormError as of RunWriter.create: what is there is not overwritten.
 */
export function writeMerged(
  shards: readonly StoredShard[],
  { dir, ...origin }: MergedOrigin,
  options: Pick<RunWriterOptions, 'files'> = {},
  beforeEnd: (dir: string) => void = () => {},
): void {
  const [first] = shards;
  if (first === undefined) throw new KeystormError('There is nothing to merge: give the folders of shards.');
  const { shard: _, ...manifest } = first.manifest;
  const { clock, at } = replayClock(first.manifest.createdAt);
  const writer = RunWriter.create(
    dir,
    {
      ...manifest,
      ...origin,
      createdAt: shards.map((each) => each.manifest.createdAt).sort()[0] ?? manifest.createdAt,
      merged: { count: first.shard.count, shards: shards.map(mergedShard) },
    },
    { ...options, clock },
  );
  try {
    for (const { run } of shards) {
      for (const record of run.records) {
        // What it took away from its shard is not here, and what other shards say it must not take away.
        if (record.kind === 'resumed') continue;
        at(record);
        writer.append(bodyOf(record));
      }
    }
    beforeEnd(dir);
    writer.finish(shards.some(({ run }) => run.status === 'aborted') ? 'aborted' : 'complete');
  } catch (error) {
    writer.close();
    // The shards have all of it, and what is half there would only be in the way of another try.
    const files = options.files ?? realFileOps;
    for (const name of Object.values(runFiles)) removeIfPossible(files, path.join(dir, name));
    throw writer.storageErrorOf(error) ?? error;
  }
  writer.close();
}

function mergedShard({ manifest, shard, run }: StoredShard): MergedShard {
  const { runId, createdAt, tool, host } = manifest;
  const resumptions = run.records.filter(({ kind }) => kind === 'resumed').length;
  return { index: shard.index, runId, createdAt, tool, host, resumptions, problems: [...run.problems] };
}

/** Stamps each record as it was stamped when it was made. */
function replayClock(createdAt: string): { readonly clock: HostClock; readonly at: (record: RunRecord) => void } {
  let [date, hostNs] = [createdAt, 0];
  return {
    clock: { now: () => new Date(date), monotonicNs: () => BigInt(hostNs) },
    at: (record) => {
      [date, hostNs] = [record.at, record.hostNs];
    },
  };
}

function bodyOf(record: RunRecord): RecordBody {
  const { v: _v, seq: _seq, at: _at, hostNs: _hostNs, ...body } = record;
  return body;
}
