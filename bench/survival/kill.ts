// SPDX-License-Identifier: MIT
/** One harness, killed at one moment, and what became of what it had recorded and of what it had made. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runFiles } from '../../results/manifest.ts';
import { readRun } from '../../results/run-reader.ts';
import { belongings, familyOf, living, type Places } from './leftovers.ts';

const program = fileURLToPath(new URL('../cli.ts', import.meta.url));
/** Nothing of it may be left after so long. */
export const goneWithinMs = 5_000;
/** Somebody else's: a host on which namespaces and folders of other harnesses come and go is no place to look for leftovers. */
const lookMs = 50;

/** How often it is looked whether something was recorded: a whole boot of the fake machine takes 50 ms. */
const lookForRecordMs = 2;
/** Longer than any run here takes to begin. */
const recordMs = 120_000;

/** `ms` after the harness was started, or after it has recorded something; starting takes it seconds, a record microseconds. */
export interface Moment {
  readonly after: 'start' | 'record';
  readonly ms: number;
}

export interface Killed {
  /** It was over before its moment came. */
  readonly survived: boolean;
  /** Records that could be read when it was dead. */
  readonly records: number;
  /** ms until nothing was left of it. */
  readonly goneAfter: number;
  /** What is wrong: nothing, one hopes. */
  readonly complaints: readonly string[];
}

/** A harness of this checkout in the background; what it says goes to `log`, appended. */
export function startHarness(args: readonly string[], log: string): ChildProcess {
  const out = openSync(log, 'a');
  try {
    return spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: ['ignore', out, out] });
  } finally {
    closeSync(out);
  }
}

/** Starts it, and kills it (SIGKILL) at the moment unless it has ended by then. */
export async function killAt(args: readonly string[], moment: Moment, places: Places, log: string): Promise<Killed> {
  const before = belongings(places);
  const had = sizeOf(places.run);
  const harness = startHarness(args, log);
  const exited = once(harness, 'exit');
  const ended = exited.then(() => true);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  if (moment.after === 'record') await recordedMore(places.run, had, () => over);
  if (await Promise.race([ended, sleep(moment.ms).then(() => false)]))
    return { survived: true, records: 0, goneAfter: 0, complaints: [] };
  const seen = framesOf(places.run);
  const family = familyOf(harness.pid ?? 0);
  harness.kill('SIGKILL');
  await exited;
  const killed = performance.now();
  const left = () => [
    ...living(family).map((line) => `process ${line} outlived it`),
    ...[...belongings(places)].filter((line) => !before.has(line)).map((line) => `${line} was left behind`),
  ];
  while (left().length > 0 && performance.now() - killed < goneWithinMs) await sleep(lookMs);
  const goneAfter = performance.now() - killed;
  const lost = lostOf(places.run, seen);
  const complaints = [...left(), ...(lost === null ? [] : [lost])];
  return { survived: false, records: recordsOf(places.run), goneAfter, complaints };
}

/** Resolves when there is more than `had` bytes of a record or it is `over`, and after `recordMs` in any case. */
export async function recordedMore(run: string, had: number, over: () => boolean): Promise<void> {
  const until = performance.now() + recordMs;
  while (sizeOf(run) <= had && !over() && performance.now() < until) await sleep(lookForRecordMs);
}

/** Bytes recorded. */
function sizeOf(run: string): number {
  return statSync(path.join(run, runFiles.frames), { throwIfNoEntry: false })?.size ?? 0;
}

function framesOf(run: string): Buffer {
  const file = path.join(run, runFiles.frames);
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

/** What was in the file before is in it still. */
function lostOf(run: string, seen: Buffer): string | null {
  const now = framesOf(run);
  return now.subarray(0, seen.length).equals(seen)
    ? null
    : `of ${seen.length} recorded bytes some are not as they were`;
}

function recordsOf(run: string): number {
  if (!existsSync(path.join(run, runFiles.manifest))) return 0;
  return readRun(run).records.length;
}
