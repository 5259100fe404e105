// SPDX-License-Identifier: MIT
/** Everything that the parts of a report look at, gathered once. */
import { type BootView, bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView } from '../../results/cell-view.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { overallVerdict } from '../judge/outcome.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';
import { plainText } from './plain-text.ts';
import { type SeriesStyle, seriesStyle } from './plot/series-style.ts';

export interface ReportData {
  readonly run: StoredRun;
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
  readonly overall: Verdict['verdict'];
  readonly boots: readonly BootView[];
  /** The boots in which a cell was planned, as it went there. */
  readonly viewsOf: (cell: CellPlan) => readonly CellView[];
  /** Stands with every figure: `qemu, TCG: compare ratios, not absolute times`. */
  readonly machine: string;
  /** One style a mechanism, the same in all pictures. */
  readonly styleOf: (mechanism: string) => SeriesStyle;
}

export function reportData(run: StoredRun, metrics: readonly Metric[], verdicts: readonly Verdict[]): ReportData {
  const { plan } = run.manifest;
  const boots = bootsOf(plan, run.records);
  const views = new Map(
    plan.cells.map((cell) => [
      cell.id,
      boots.filter((boot) => cellsInBoot(plan, boot.plan).includes(cell)).map((boot) => cellView(cell, boot)),
    ]),
  );
  const mechanisms = [...new Set(plan.cells.map(({ mechanism }) => mechanism.name))];
  return {
    run,
    metrics,
    verdicts,
    overall: overallVerdict(verdicts, run.status),
    boots,
    viewsOf: ({ id }) => views.get(id) ?? [],
    machine: machineWords(boots, plan),
    styleOf: (mechanism) => seriesStyle(Math.max(0, mechanisms.indexOf(mechanism))),
  };
}

/** True when the machine of any boot invents what it reports. */
export function isFake({ boots }: Pick<ReportData, 'boots'>): boolean {
  return boots.some(({ start }) => start?.description.machine === 'fake');
}

/** The accelerators of the boots that were begun: one, unless the run is odd. */
export function acceleratorsOf(boots: readonly BootView[]): string[] {
  return [...new Set(boots.flatMap(({ start }) => (start === null ? [] : [start.description.accelerator])))];
}

function machineWords(boots: readonly BootView[], { clock }: Plan): string {
  const machine = boots.find(({ start }) => start !== null)?.start?.description.machine;
  if (machine === undefined) return 'no guest was started';
  if (machine === 'fake') return 'fake machine: made-up figures';
  const accelerators = acceleratorsOf(boots);
  const how = accelerators.map((each) => each.toUpperCase()).join(' and ');
  const name = plainText(machine);
  if (accelerators.length > 1) return `${name}, ${how} mixed: compare only within a boot`;
  if (clock === 'icount') return `${name}, ${how}, instructions counted: no times`;
  return accelerators[0] === 'tcg' ? `${name}, TCG (emulated): compare ratios, not absolute times` : `${name}, ${how}`;
}
