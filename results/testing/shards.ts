// SPDX-License-Identifier: MIT
/** Shards of a plan for tests, in memory: what as many harnesses would have written, each in a folder of its own. */
import fc from 'fast-check';
import { readShard, type StoredShard } from '../merging.ts';
import type { Plan } from '../plan.ts';
import type { RecordBody } from '../records.ts';
import { readRun, type StoredRun } from '../run-reader.ts';
import { type HostClock, RunWriter } from '../run-writer.ts';
import { bootsOfShard, type Shard } from '../shards.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { aCell, aManifest, aPlan } from './plans.ts';
import { type Doctoring, recordBodies } from './runs.ts';

/** Plans whose boots are in blocks in any way. */
export const anyPlan = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }).map((blocks): Plan => {
  const plan = aPlan([aCell({ expect: { 'every-request-ended': 'held' } }), aCell({ id: 'c1' })], blocks.length);
  return { ...plan, boots: plan.boots.map((boot, i) => ({ ...boot, block: blocks[i] ?? 0 })) };
});

/** Counts its own readings: a millisecond lies between two. */
function countingClock(): HostClock {
  let ms = 0;
  return { now: () => new Date(ms), monotonicNs: () => BigInt(ms++) * 1_000_000n };
}

export interface Differently extends Doctoring {
  /** Changes records, drops them (null). */
  readonly record?: (body: RecordBody) => RecordBody | null;
  /** The harness was killed before it could say that it had come to its end. */
  readonly cutOff?: boolean;
  /** The host; default: that of aManifest. */
  readonly host?: string;
}

/** Writes the run of a plan, or of a shard of it, and reads it. */
export function stored(disk: MemoryDisk, dir: string, plan: Plan, shard?: Shard, how: Differently = {}): StoredRun {
  const manifest = aManifest(plan);
  const host = { ...manifest.host, name: how.host ?? manifest.host.name };
  const part = shard === undefined ? {} : { shard };
  const writer = RunWriter.create(dir, { ...manifest, host, ...part }, { files: disk, clock: countingClock() });
  const boots = shard === undefined ? plan.boots : bootsOfShard(plan, shard);
  for (const body of recordBodies({ ...plan, boots }, how)) {
    const changed = how.record === undefined ? body : how.record(body);
    if (changed !== null) writer.append(changed);
  }
  if (how.cutOff !== true) writer.finish('complete');
  writer.close();
  return readRun(dir, disk);
}

/** Every shard of a plan, in folders of their own. */
export function storedShards(
  disk: MemoryDisk,
  plan: Plan,
  count: number,
  how: (index: number) => Differently = () => ({}),
): StoredShard[] {
  return Array.from({ length: count }, (_, i) => {
    const dir = `/shards/${i + 1}`;
    stored(disk, dir, plan, { index: i + 1, count }, how(i + 1));
    return readShard(dir, disk);
  });
}
