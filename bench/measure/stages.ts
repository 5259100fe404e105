// SPDX-License-Identifier: MIT
/** Where the time of an upcall goes, and what it costs to find out. */
import { type CellView, type Role, rolesOf, type WindowView, windowsOf } from '../../results/cell-view.ts';
import { stageParts } from '../../results/frames.ts';
import { durationUnit, roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle } from './figure.ts';
import { Histogram } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { blockLogs, isStudied, overheadOf, type Study } from './paired-windows.ts';
import { quantileOf } from './quantile.ts';

/** With stamps, against windows that are the same without them. */
const stamping: Study = ({ faults, rate, timing, stages }) => {
  if (faults !== undefined || rate !== undefined || timing === 'batch') return null;
  return stages === true ? 'with' : 'without';
};

/**
 * Of a cell that has windows with stages in one boot: `stage.<part>.mean` and `.p50` for each part that occurred in any,
 * over all of them together; `stages.unjoined`, answered requests that could not be taken apart; and `stages.overhead`, the share of the
 * throughput that stamping costs. Where a boot has none of the frames the parts are not known: then only the latter two are there,
 * each with the reason. `parts`: those to give, also where this boot lacks them.
 */
export function stageFigures(view: CellView, dimensions: Dimensions, parts: readonly string[]): Figure[] {
  if (view.cell.windows.every(({ stages }) => stages !== true)) return [];
  return rolesOf(view.cell).flatMap((role) => {
    const where = { ...dimensions, ...roleDimensions(view.cell, role), phase: 'stages' };
    const figure = (name: string, unit: Figure['unit'], measured: Measured): Figure => {
      return { name, unit, dimensions: where, boot: view.boot, measured };
    };
    const unit = durationUnit(dimensions, view, windowsOf(view, { role, phase: 'stages' }));
    const times = (name: string, measured: Measured) => figure(name, unit, measured);
    return [
      ...parts.flatMap((part) => {
        const { mean, p50 } = partOf(view, role, part);
        return [times(`stage.${part}.mean`, mean), times(`stage.${part}.p50`, p50)];
      }),
      figure('stages.unjoined', '1', unjoined(view, role)),
      ...(isStudied(view.cell, stamping)
        ? [figure('stages.overhead', '1', overheadOf(blockLogs(view, role, stamping)))]
        : []),
    ];
  });
}

/** The parts that occur in any of these views, in the order in which they pass: those that a boot must tell of. */
export function partsSeen(views: readonly CellView[]): string[] {
  const seen = new Set(
    views.flatMap(({ windows }) => windows.flatMap(({ stages }) => stages?.parts ?? [])).map(nameOf),
  );
  return stageParts.filter((part) => seen.has(part));
}

function nameOf({ name }: { name: string }): string {
  return name;
}

/** Why parts cannot be had of these windows; null if they can. */
function trouble(view: CellView, windows: readonly WindowView[]): string | null {
  return obstacle(view, windows) ?? (windows.some(({ stages }) => stages === null) ? 'not-reported' : null);
}

function partOf(view: CellView, role: Role, part: string): { mean: Measured; p50: Measured } {
  const windows = windowsOf(view, { role, phase: 'stages' });
  const reason = trouble(view, windows);
  if (reason !== null) return { mean: missing(reason), p50: missing(reason) };
  const hists = windows.flatMap(({ stages }) => stages?.parts ?? []).filter(({ name }) => name === part);
  const all = Histogram.merged(hists.map(({ hist }) => Histogram.from(hist)));
  const mean: Measured = all.count === 0 ? missing('no-ok-requests') : { value: all.sum / all.count };
  return { mean, p50: quantileOf(all, 0.5) };
}

function unjoined(view: CellView, role: Role): Measured {
  const windows = windowsOf(view, { role, phase: 'stages' });
  const reason = trouble(view, windows);
  if (reason !== null) return missing(reason);
  return { value: windows.reduce((sum, { stages }) => sum + (stages?.unjoined ?? 0), 0) };
}
