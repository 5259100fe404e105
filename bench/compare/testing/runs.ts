// SPDX-License-Identifier: MIT
/** For tests of comparing: runs of the fake machine, and the command. */
import { main } from '../../commands/main.ts';
import { capture } from '../../commands/testing/capture.ts';
import type { Metric } from '../../measure/metric.ts';
import { testRun } from '../../testing/test-run.ts';
import type { Choice } from '../figures.ts';
import { defaultDeltas } from '../judged.ts';
import { runsAsSides, type Sides } from '../side.ts';

/** In ms. */
export const hour = 3_600_000;
/** What the command chooses by itself. */
export const choice: Choice = { alpha: 0.01, deltas: defaultDeltas };

/** Runs that tests only read are made once. */
const made = new Map<string, ReturnType<typeof makeRun>>();

export function runAt(...args: Parameters<typeof makeRun>): ReturnType<typeof makeRun> {
  const key = JSON.stringify(args);
  const run = made.get(key) ?? makeRun(...args);
  made.set(key, run);
  return run;
}

/** A run of the fake machine so many hours after the epoch. */
export async function makeRun(
  hours: number,
  boots: number,
  more: { seed?: number; script?: string; mechanisms?: string[] } = {},
) {
  let seconds = 0;
  const { seed = 7, script = '', mechanisms = ['keyagent-fd'] } = more;
  return testRun({ plan: { boots, seed, mechanisms }, script, now: () => new Date(hours * hour + 1_000 * seconds++) });
}

/** `keystorm compare` with these words, and what it says. */
export async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(['compare', ...args], output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The same sides, with figures of new that are other ones. */
export function changed(sides: Sides, how: (metric: Metric, value: number, boot: number) => number | null): Sides {
  const metrics = sides.new.metrics.map((metric) => ({
    ...metric,
    samples: metric.samples.map((sample) => {
      const value = sample.value === null ? null : how(metric, sample.value, sample.boot);
      return value === null ? { ...sample, value, reason: 'not-there' } : { ...sample, value };
    }),
  }));
  return { ...sides, new: { ...sides.new, metrics } };
}

/** Two runs of so many boots, a day's work apart, of which nothing differs but the seed. */
export async function twoRuns(boots = 5): Promise<Sides> {
  const [base, other] = [await runAt(1, boots), await runAt(20, boots, { seed: 8 })];
  return runsAsSides(base.judged.run, other.judged.run);
}
