// SPDX-License-Identifier: MIT
/** A run that was interrupted, or whose harness or disk broke, is taken up again, once the trouble is over. */
import type { Plan } from '../../results/plan.ts';
import type { RunRecord } from '../../results/records.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import type { MemoryDisk } from '../../results/testing/memory-disk.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import type { BootOutcome } from '../run/boot.ts';
import { hostClockOf, runPlan } from '../run/run.ts';
import { listenerOf } from './events.ts';
import { type End, endOf } from './patience.ts';
import { type StoreFault, watchedFiles } from './store-fault.ts';

export interface TakenUp {
  /** What counted before, and which boots were done again. */
  readonly before: readonly RunRecord[];
  readonly again: readonly number[];
  readonly end: End<readonly BootOutcome[]>;
}

/** The run that is there; null if none can be read. */
export function runOn(disk: MemoryDisk, dir: string): StoredRun | null {
  try {
    return readRun(dir, disk);
  } catch {
    // Whether that is right is asked of the run as it was found.
    return null;
  }
}

/** Null where nothing is left to do, or nothing was begun. `run` is what is on the disk, which may fail once more, in the way given. */
export async function takeUp(
  disk: MemoryDisk,
  dir: string,
  run: StoredRun | null,
  plan: Plan,
  fault: StoreFault | null,
): Promise<TakenUp | null> {
  if (run === null) return null;
  const { records } = run;
  const boots = unfinishedBoots(plan, records);
  if (boots.length === 0) return null;
  const again = boots.map(({ index }) => index);
  const [like] = records.flatMap((record) => (record.kind === 'boot-start' ? [record.description] : []));
  const clock = new VirtualClock();
  const provider = new FakeProvider({ clock, script: [], keepConsole: () => () => {} });
  await provider.prepare({ kernel: plan.kernel, locked: true, noInstall: true, progress: () => {} });
  const { files } = watchedFiles(disk, fault, () => {});
  const signal = new AbortController().signal;
  const { end } = await endOf(async () => {
    const tool = { version: '0', commit: null, dirty: false };
    const writer = RunWriter.resume(dir, { again, tool }, { files, reading: disk, clock: hostClockOf(clock) });
    return await runPlan({ plan, provider, writer, boots, like, listener: listenerOf(() => {}), signal });
  }, clock);
  clock.clear();
  return { before: records, again, end };
}
