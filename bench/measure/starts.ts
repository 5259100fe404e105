// SPDX-License-Identifier: MIT
/** How long it takes until something can be measured. */
import type { BootView } from '../../results/boots.ts';
import { type CellView, rolesOf } from '../../results/cell-view.ts';
import type { FrameType } from '../../results/frames.ts';
import { durationUnit } from './dimensions.ts';
import { type Figure, type Measured, missing, reasonOf } from './figure.ts';
import { median } from './median.ts';
import type { Dimensions } from './metric.ts';

/**
 * boot.hello and boot.first_sample: host's time from when the guest's process runs to its runner's first word, and to its first
 * window frame. The latter is what one waits for; whichever cell the boot's order put first is in it. Always ns: the host has no
 * virtual clock.
 */
export function firstSampleFigures(boot: BootView, dimensions: Dimensions): Figure[] {
  if (boot.plan.steps.every(({ kind }) => kind !== 'cell')) return [];
  return (
    [
      ['boot.hello', 'hello'],
      ['boot.first_sample', 'window'],
    ] as const
  ).map(([name, type]) => ({ name, unit: 'ns', dimensions, boot, measured: sinceStart(boot, type) }));
}

function sinceStart(boot: BootView, type: FrameType): Measured {
  const first = boot.frames.find(({ frame }) => frame.t === type);
  if (boot.start === null || first === undefined) return missing(reasonOf(boot));
  return { value: first.hostNs - boot.start.hostNs };
}

/** container.start: guest's time to start a container of a role; the median if there are several. */
export function containerStartFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return rolesOf(view.cell).map((role) => ({
    name: 'container.start',
    unit: durationUnit(dimensions),
    dimensions: { ...dimensions, container: role },
    boot: view.boot,
    measured: containerStart(
      view,
      view.cell.containers.filter((container) => container.role === role).map(({ name }) => name),
    ),
  }));
}

function containerStart(view: CellView, names: readonly string[]): Measured {
  const started = view.begun?.containers.filter(({ name }) => names.includes(name)) ?? [];
  if (started.length < names.length) return missing(reasonOf(view.boot));
  return { value: median(started.map(({ start_ns }) => start_ns)) };
}
