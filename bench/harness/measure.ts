// SPDX-License-Identifier: MIT
/**
 * Times tasks with tinybench. A sample is a batch of operations, long enough for the clock, divided by their number; so one
 * figure is one repetition, and its statistics are of repetitions.
 */
import { Bench, type Statistics } from 'tinybench';
import { validDuration } from './sample.ts';
import type { HarnessTask } from './task.ts';

/** A batch takes at least this long: a clock of microseconds and a garbage collector here and there then hardly count. */
const batchMs = 2;
/** However slow an operation is. */
const leastSamples = 10;
const maxBatch = 1_000_000;
/** Part of a task's time that is spent before anything counts: the compiler must have seen the code. */
const warmupShare = 0.2;

export interface MeasureOptions {
  /** For each task, in ms; slow ones take `leastSamples` whatever that comes to. */
  readonly taskMs: number;
  /** ms; tests have clocks of their own. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/** Times are ns for one operation. */
export interface Measured {
  readonly samples: number;
  /** Operations in each sample. */
  readonly batch: number;
  readonly p50: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Standard deviation of the samples. */
  readonly sd: number;
  /** Half of the mean's 95% interval over the mean, were the samples independent. */
  readonly relativeError: number;
}

export type Measurement = Measured | { readonly reason: string };

/** Measures one task. What it throws, and a sample that cannot be, is a reason: nothing of it is then given. */
export function measure(task: HarnessTask, options: MeasureOptions): Measurement {
  const { taskMs, now = () => performance.now(), signal } = options;
  try {
    const batch = batchFor(task, now, taskMs * warmupShare);
    const bench = new Bench({
      time: taskMs * (1 - warmupShare),
      iterations: leastSamples,
      warmup: false,
      throws: true,
      ...(signal === undefined ? {} : { signal }),
    });
    const once = () => {
      const took = timed(task, batch, now);
      // The budget counts what was spent, the statistics one operation.
      return { overriddenDuration: took / batch, overriddenIterationCost: took };
    };
    // Told that it is synchronous, tinybench calls it for samples only, and not to find out.
    bench.add(task.name, once, { async: false });
    bench.runSync();
    return { batch, ...completed(bench) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Statistics of figures that were measured elsewhere, one a repetition, in ms. @throws BadSample when one of them cannot be.
 */
export function statisticsOf(name: string, figures: readonly number[]): Omit<Measured, 'batch'> {
  const valid = figures.map((ms) => validDuration(ms, name));
  let next = 0;
  const bench = new Bench({ time: 0, iterations: valid.length, warmup: false, throws: true });
  bench.add(name, () => ({ overriddenDuration: valid[next++] }), { async: false });
  bench.runSync();
  const result = completed(bench);
  if (result.samples !== valid.length || next !== valid.length)
    throw new Error(`${name}: ${valid.length} figures were given, and ${result.samples} were used`);
  return result;
}

/** How many operations last `batchMs`, found while warming up for at least `warmupMs`. */
function batchFor(task: HarnessTask, now: () => number, warmupMs: number): number {
  let batch = 1;
  for (let spent = 0; ; ) {
    const took = timed(task, batch, now);
    spent += took;
    if (took < batchMs && batch < maxBatch) batch = Math.min(maxBatch, Math.ceil((batch * batchMs * 1.2) / took));
    else if (spent >= warmupMs) return batch;
  }
}

function timed({ name, operation }: HarnessTask, batch: number, now: () => number): number {
  const begun = now();
  for (let i = 0; i < batch; i++) operation();
  return validDuration(now() - begun, name);
}

function completed(bench: Bench): Omit<Measured, 'batch'> {
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`it was not measured to the end (${result?.state ?? 'no task'})`);
  const { latency } = result;
  if (!figuresOf(latency).every(Number.isFinite)) throw new Error('its statistics are not numbers');
  const { samplesCount, p50, mean, min, max, sd, rme } = latency;
  const ns = (ms: number) => ms * 1e6;
  return {
    samples: samplesCount,
    p50: ns(p50),
    mean: ns(mean),
    min: ns(min),
    max: ns(max),
    sd: ns(sd),
    relativeError: rme / 100,
  };
}

function figuresOf({ p50, mean, min, max, sd, rme }: Statistics): number[] {
  return [p50, mean, min, max, sd, rme];
}
