// SPDX-License-Identifier: MIT
import { readRun } from '../../../results/run-reader.ts';
import { RunWriter } from '../../../results/run-writer.ts';
import { aManifest } from '../../../results/testing/plans.ts';
import { QemuProvider } from '../../../vm/qemu/provider.ts';
import { randomOf } from '../../plan/random.ts';
import { runPlan } from '../../run/run.ts';
import { drawOrders } from './draw.ts';
import type { FailureClass } from './failure-class.ts';
import { cellsOfBoot, classesBounds, classesPlan } from './plan.ts';
import { Saboteur } from './saboteur.ts';
import { type Trial, trialOf } from './tally.ts';

export interface CampaignOptions {
  readonly classes: readonly FailureClass[];
  /** Boots of each. */
  readonly each: number;
  readonly seed: number;
  /** The run's folder. */
  readonly dir: string;
  /** Aborted: the boot at hand ends, and no other is begun. */
  readonly signal?: AbortSignal;
  readonly onTrial: (trial: Trial, n: number, of: number) => void;
  readonly progress: (line: string) => void;
}

export interface CampaignResult {
  readonly trials: readonly Trial[];
  /** Boots that came to their end, in the order of the plan: as many as there are trials, for one that fails stops no other. */
  readonly ended: number;
}

/** One run, a boot of which is broken for each order, and how each is recorded. */
export async function runClasses(options: CampaignOptions): Promise<CampaignResult> {
  const { classes, each, seed, dir, onTrial, progress } = options;
  const orders = drawOrders(classes, each, cellsOfBoot, randomOf(seed));
  const plan = classesPlan(orders.length);
  const trials: Trial[] = [];
  const saboteur = new Saboteur(new QemuProvider(), orders, (boot) => {
    const [order, deed] = [orders[boot], saboteur.deeds[boot]];
    if (order === undefined || deed === undefined) return;
    const trial = trialOf(boot, order, deed, readRun(dir).records);
    trials.push(trial);
    onTrial(trial, trials.length, orders.length);
  });
  await saboteur.prepare({ kernel: plan.kernel, locked: false, noInstall: true, progress });
  const writer = RunWriter.create(dir, aManifest(plan));
  const outcomes = await runPlan({
    plan,
    provider: saboteur,
    writer,
    listener: saboteur,
    bounds: classesBounds,
    signal: options.signal ?? new AbortController().signal,
  });
  return { trials, ended: outcomes.length };
}
