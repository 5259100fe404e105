// SPDX-License-Identifier: MIT
/** What crossed the guest's border in the windows of a cell, and what the host took from its processors meanwhile. */
import { framesOf } from '../../results/boots.ts';
import type { CellView } from '../../results/cell-view.ts';
import type { FrameOf } from '../../results/frames.ts';
import { type Figure, type Measured, missing, reasonOf } from './figure.ts';
import type { Dimensions, Unit } from './metric.ts';

/** Why the windows of a cell are not all metered; null if they are. */
export function unmetered(view: CellView): string | null {
  const metered = new Set(view.meters.map(({ index }) => index));
  if (view.cell.windows.every((_, index) => metered.has(index))) return null;
  // Runners of the first protocol had no meter.
  return framesOf(view.boot, 'hello')[0]?.protocol === 1 ? 'not-metered' : reasonOf(view.boot);
}

const sums: readonly (readonly [string, Unit, (meter: FrameOf<'meter'>) => number])[] = [
  ['window.packets', '1', (meter) => meter.rx_packets + meter.tx_packets],
  ['window.bytes', 'byte', (meter) => meter.rx_bytes + meter.tx_bytes],
  ['window.console_bytes', 'byte', (meter) => meter.console_bytes],
  ['window.kernel_log_bytes', 'byte', (meter) => meter.kernel_log_bytes],
];

/** window.packets, window.bytes, window.console_bytes, window.kernel_log_bytes and host.steal_share of one cell in one boot, all windows together. */
export function meterFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const reason = unmetered(view);
  const total = (of: (meter: FrameOf<'meter'>) => number) => view.meters.reduce((sum, meter) => sum + of(meter), 0);
  const figure = (name: string, unit: Unit, measured: () => Measured): Figure => ({
    name,
    unit,
    dimensions,
    boot: view.boot,
    measured: reason === null ? measured() : missing(reason),
  });
  return [
    ...sums.map(([name, unit, of]) => figure(name, unit, () => ({ value: total(of) }))),
    figure('host.steal_share', '1', () => stealShare(view, total)),
  ];
}

/** Of the time that the guest's processors had. Nobody tells an emulated processor that it was not running. */
function stealShare(view: CellView, total: (of: (meter: FrameOf<'meter'>) => number) => number): Measured {
  const { accelerator, smp } = view.boot.start?.description ?? {};
  if (accelerator === 'tcg') return missing('not-told-under-tcg');
  const ns = total((meter) => meter.mono_after - meter.mono_before) * (smp ?? 1);
  return ns > 0 ? { value: total((meter) => meter.steal_ns) / ns } : missing('empty-window');
}
