// SPDX-License-Identifier: MIT
/** Whole runs for tests: the frames of a plan as records, with whatever a test wants to be different about them. */
import type { Frame } from '../frames.ts';
import type { Plan } from '../plan.ts';
import { type RecordBody, type RunRecord, recordVersion } from '../records.ts';
import type { StoredRun } from '../run-reader.ts';
import { framesOfBoot, type Unnumbered } from './frames.ts';
import { aManifest } from './plans.ts';

export interface Doctoring {
  /** Changes frames of a boot, drops them (null), before they are numbered. */
  readonly frame?: (frame: Unnumbered, boot: number) => Unnumbered | null;
  /** The guest of this boot panics before the first frame for which this says true. */
  readonly panicBefore?: (frame: Unnumbered, boot: number) => boolean;
}

export const aDescription = {
  machine: 'fake',
  accelerator: 'none',
  smp: 1,
  memoryMiB: 256,
  clock: 'wall',
  kernel: '6.1.192-2',
  kernelRelease: '6.1.0-test',
  kernelConfigHash: 'c',
  moduleHash: 'm',
  imageHash: 'i',
  hypervisor: { version: '', args: [] },
  cmdline: '',
  notes: [],
} as const;

/** What a harness would append for each boot of the plan. */
export function recordBodies(plan: Plan, { frame: change, panicBefore }: Doctoring = {}): RecordBody[] {
  return plan.boots.flatMap((planned): RecordBody[] => {
    const boot = planned.index;
    const changed = framesOfBoot(plan, planned).flatMap((frame) => {
      const result = change === undefined ? frame : change(frame, boot);
      return result === null ? [] : [result];
    });
    const panic = changed.findIndex((frame) => panicBefore?.(frame, boot) === true);
    const sent = panic < 0 ? changed : changed.slice(0, panic);
    const failure: RecordBody = {
      kind: 'failure',
      boot,
      failureKind: 'guest-panic',
      message: 'The guest panicked.',
      consoleTail: ['Kernel panic - not syncing: test'],
    };
    return [
      { kind: 'boot-start', boot, description: aDescription },
      ...sent.map((frame, n): RecordBody => ({ kind: 'frame', boot, frame: { ...frame, n } as Frame })),
      ...(panic < 0 ? [] : [failure]),
      { kind: 'boot-end', boot, outcome: panic < 0 ? 'done' : 'failed' },
    ];
  });
}

/** Stamps bodies as the writer would, one millisecond apart. */
export function stamped(bodies: readonly RecordBody[]): RunRecord[] {
  return bodies.map((body, seq) => ({
    v: recordVersion,
    seq,
    at: new Date(Date.UTC(2024, 0, 1) + seq).toISOString(),
    hostNs: seq * 1_000_000,
    ...body,
  }));
}

/** A run as the reader would return it. */
export function aRun(plan: Plan, doctoring: Doctoring = {}): StoredRun {
  const records = stamped(recordBodies(plan, doctoring));
  return { dir: '/nowhere', manifest: aManifest(plan), records, status: 'complete', problems: [] };
}
