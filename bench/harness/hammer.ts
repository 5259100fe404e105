// SPDX-License-Identifier: MIT
/**
 * The hammer's own cost, from a stored run of scenario hammer-overhead: one figure a window, the time per request, for windows
 * timed one by one and in batches. What the run itself makes of them (bench/measure/hammer.ts) compares neighbours, and is
 * the estimate to quote; these are the figures it comes from.
 */
import { type BootView, bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView, type WindowView } from '../../results/cell-view.ts';
import type { CellPlan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { type HammerOverhead, hammerOverheads } from '../measure/hammer.ts';
import { type Measured, statisticsOf } from './measure.ts';

export const timings = ['each', 'batch'] as const;
export type Timing = (typeof timings)[number];

export interface HammerFigures {
  readonly mechanism: string;
  readonly timing: Timing;
  /** Windows without an ok request: no figure comes from them. */
  readonly withoutFigure: number;
  /** Of the time per request, one figure a window. */
  readonly measured: Omit<Measured, 'batch'>;
}

export interface HammerStudy {
  readonly figures: readonly HammerFigures[];
  /** As the run's own metrics have it. */
  readonly overheads: readonly HammerOverhead[];
}

/** @throws KeystormError (2) when the run has no windows timed in both ways. */
export function hammerStudy(run: StoredRun): HammerStudy {
  const { plan } = run.manifest;
  const cells = plan.cells.filter(({ windows }) => windows.some(({ timing }) => timing === 'batch'));
  if (cells.length === 0)
    throw new KeystormError(
      `The run in ${run.dir} has no windows timed in batches; make one with: npm run bench -- --scenario hammer-overhead`,
    );
  const boots = bootsOf(plan, run.records);
  const figures = cells.flatMap((cell) => timings.map((timing) => figuresOf(cell, timing, boots, run)));
  return { figures, overheads: hammerOverheads(run) };
}

function figuresOf(cell: CellPlan, timing: Timing, boots: readonly BootView[], run: StoredRun): HammerFigures {
  const views = boots.filter((boot) => cellsInBoot(run.manifest.plan, boot.plan).includes(cell));
  const windows = views
    .map((boot) => cellView(cell, boot))
    .flatMap((view: CellView) => view.windows.filter(({ plan }) => (plan.timing ?? 'each') === timing));
  const times = windows.map(requestMs);
  const known = times.filter((ms) => ms !== null);
  const what = `${cell.mechanism.name}, timing ${timing}`;
  if (known.length === 0) throw new KeystormError(`The run in ${run.dir} has no window with an answer for ${what}.`);
  return {
    mechanism: cell.mechanism.name,
    timing,
    withoutFigure: times.length - known.length,
    measured: statisticsOf(what, known),
  };
}

/** What a request took in the mean over the window: its requesters ask one request after the other. Null if none was answered. */
function requestMs({ frame, container }: WindowView): number | null {
  if (frame === null || frame.ok === 0) return null;
  return ((frame.mono_end - frame.mono_start) * container.requesters) / frame.ok / 1e6;
}
