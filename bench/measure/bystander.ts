// SPDX-License-Identifier: MIT
/** What a fault in one container costs another: the bystander's p99 in fault windows over its p99 in the others. */
import { type CellView, phasesOf, rolesOf, windowsOf } from '../../results/cell-view.ts';
import { bystanderServiceFigure, distorted, isDistorted } from './bystander-service.ts';
import { roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import { Histogram, samplesNeeded } from './histogram.ts';
import { okLatencies } from './latency.ts';
import type { Dimensions } from './metric.ts';

const q = 0.99;

/** True for a cell that has a bystander and both kinds of window. */
export function hasBystander(view: CellView): boolean {
  const phases = phasesOf(view.cell);
  return rolesOf(view.cell).includes('bystander') && phases.includes('fault') && phases.includes('steady');
}

/** The ratio within one boot, or why there is none; `detail` says the same in words. */
export function bystanderRatio(view: CellView): Measured & { readonly detail: string } {
  if (isDistorted(view)) return { ...missing(distorted), detail: 'the search for helpers to kill slows everybody' };
  const counts: string[] = [];
  const p99: number[] = [];
  for (const phase of ['fault', 'steady'] as const) {
    const latencies = okLatencies(view, { role: 'bystander', phase });
    if (!(latencies instanceof Histogram)) {
      return { value: null, reason: latencies.reason, detail: `${phase} windows: ${latencies.reason}` };
    }
    const value = latencies.quantile(q);
    if (value === null) counts.push(`${latencies.count} in ${phase} windows`);
    else p99.push(value);
  }
  const [fault, steady] = p99;
  if (fault === undefined || steady === undefined) {
    const detail = `a p99 needs ${samplesNeeded(q)} ok requests, there are ${counts.join(' and ')}`;
    return { value: null, reason: 'too-few-samples', detail };
  }
  if (steady === 0) return { ...missing('zero-base'), detail: 'the fault-free p99 is 0 ns' };
  return { value: fault / steady, detail: `p99 ${fault} ns in fault windows, ${steady} ns in the others` };
}

/** bystander.p99_ratio and bystander.service_ratio of one cell in one boot. */
export function bystanderFigures(view: CellView, dimensions: Dimensions): Figure[] {
  if (!hasBystander(view)) return [];
  const { detail: _, ...measured } = bystanderRatio(view);
  return [
    {
      name: 'bystander.p99_ratio',
      unit: '1',
      dimensions: { ...dimensions, ...roleDimensions(view.cell, 'bystander') },
      boot: view.boot,
      measured,
    },
    bystanderServiceFigure(view, dimensions),
  ];
}

/** Errors and requests that never ended, of bystanders, in all windows that were reported. */
export function bystanderTroubles(view: CellView): string[] {
  return windowsOf(view, { role: 'bystander' }).flatMap(({ frame, container, index }) => {
    if (frame === null) return [];
    const errors = Object.entries(frame.errors).filter(([, count]) => count > 0);
    const troubles = errors.map(([errno, count]) => `${count} × ${errno}`);
    if (frame.open > 0) troubles.push(`${frame.open} never ended`);
    return troubles.map((trouble) => `${trouble} in ${container.name}, window ${index}`);
  });
}
