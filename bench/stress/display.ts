// SPDX-License-Identifier: MIT
/** What a stress session tells while it goes on: a line a window. */
import { getHeapStatistics } from 'node:v8';
import type { Frame, FrameOf } from '../../results/frames.ts';
import type { BootPlan, Plan } from '../../results/plan.ts';
import type { Clock } from '../../vm/clock.ts';
import type { MachineFailure } from '../../vm/failure.ts';
import { Histogram } from '../measure/histogram.ts';
import type { RunListener } from '../run/listener.ts';
import { clockTime, ProgressDisplay, type ProgressSink } from '../run/progress.ts';

const mib = 1024 * 1024;

/** Its lines: time, requests a second, p99, errors, faults with their hits, and the least heap of this process since the last line. */
export class StressDisplay implements RunListener {
  readonly #progress: ProgressDisplay;
  #plan: Plan | undefined;
  #startedAt = 0;
  #windows: FrameOf<'window'>[] = [];
  #faults: FrameOf<'fault'>[] = [];
  /** The least that was seen in use since the last line: what is kept, and as little garbage as may be. */
  #leastMemory = Number.POSITIVE_INFINITY;

  /** `memory`: bytes of the heap of this process that are in use, those that nobody needs any more included until they are collected. */
  constructor(
    readonly clock: Clock,
    readonly sink: ProgressSink,
    readonly memory: () => number = () => getHeapStatistics().used_heap_size,
  ) {
    this.#progress = new ProgressDisplay(clock, sink);
  }

  runStarts(plan: Plan, boots: readonly BootPlan[], dir: string): void {
    this.#plan = plan;
    this.#startedAt = this.clock.now();
    this.#progress.runStarts(plan, boots, dir);
  }

  bootStarts(boot: number): void {
    this.#progress.bootStarts(boot);
  }

  guestIsUp(boot: number): void {
    this.#progress.guestIsUp(boot);
  }

  frame(boot: number, frame: Frame): void {
    this.#leastMemory = Math.min(this.#leastMemory, this.memory());
    if (frame.t !== 'window') this.#progress.frame(boot, frame);
    if (frame.t === 'fault') this.#faults.push(frame);
    if (frame.t !== 'window') return;
    this.#windows.push(frame);
    const cell = this.#plan?.cells.find(({ id }) => id === frame.cell);
    if (cell !== undefined && this.#windows.length >= cell.containers.length) this.#tell(cell.windows.length);
  }

  failure(boot: number, failure: MachineFailure): void {
    this.#progress.failure(boot, failure);
  }

  bootEnds(boot: number, outcome: 'done' | 'failed' | 'aborted'): void {
    this.#progress.bootEnds(boot, outcome);
  }

  note(text: string): void {
    this.#progress.note(text);
  }

  #tell(of: number): void {
    const windows = this.#windows.splice(0);
    const faults = this.#faults.splice(0);
    const [first] = windows;
    if (first === undefined) return;
    const seconds = (first.mono_end - first.mono_start) / 1e9;
    const ok = windows.reduce((sum, window) => sum + window.ok, 0);
    const p99 = Histogram.merged(windows.map(({ hist }) => Histogram.from(hist))).quantile(0.99);
    const words = [
      `${clockTime(this.clock.now() - this.#startedAt)} window ${first.index + 1}/${of}`,
      `${Math.round(ok / seconds)} ok/s`,
      p99 === null ? 'too few for a p99' : `p99 ${(p99 / 1e6).toFixed(1)} ms`,
      ...errorWords(windows),
      ...faultWords(faults),
      `harness heap ${Math.round(this.#leastMemory / mib)} MiB`,
    ];
    this.sink.line(words.join(', '));
    this.#leastMemory = Number.POSITIVE_INFINITY;
  }
}

function errorWords(windows: readonly FrameOf<'window'>[]): string[] {
  const errors = new Map<string, number>();
  for (const window of windows)
    for (const [errno, count] of Object.entries(window.errors)) errors.set(errno, (errors.get(errno) ?? 0) + count);
  const open = windows.reduce((sum, window) => sum + window.open, 0);
  return [
    ...[...errors].sort().map(([errno, count]) => `${count} × ${errno}`),
    ...(open > 0 ? [`${open} NEVER ENDED`] : []),
  ];
}

/** Of each fault its last word: hits are known when it is over. */
function faultWords(faults: readonly FrameOf<'fault'>[]): string[] {
  const last = new Map(faults.map((fault) => [`${fault.name} ${fault.container ?? 'guest'}`, fault]));
  return [...last.values()].map(({ name, container, hits }) => `${name} on ${container ?? 'the guest'} (${hits})`);
}
