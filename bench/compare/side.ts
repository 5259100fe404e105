// SPDX-License-Identifier: MIT
/** What is held against what: two runs, or two mechanisms of one run, as two sides of the same make. */
import { type BootView, bootsOf } from '../../results/boots.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { judge } from '../judge/judge.ts';
import type { Verdict } from '../judge/verdict.ts';
import { countedMetrics } from '../measure/counted.ts';
import type { Dimensions, Metric } from '../measure/metric.ts';
import { metricsOf } from '../measure/metrics.ts';
import { unknownName } from '../plan/choose.ts';

export interface Side {
  readonly run: StoredRun;
  /** The mechanism, where two of one run are compared. */
  readonly mechanism: string | null;
  readonly boots: readonly BootView[];
  readonly metrics: readonly Metric[];
  readonly verdicts: readonly Verdict[];
}

export interface Sides {
  readonly kind: 'runs' | 'mechanisms';
  readonly base: Side;
  readonly new: Side;
}

/** What may differ between any two sides: the guests' kernel is what is compared, and the rest of a machine has been held against the other's. */
const ofMachine = ['kernel', 'module', 'machine', 'accelerator', 'smp', 'clock', 'cell'];
/** What makes a mechanism another one. */
const ofMechanism = ['mechanism', 'fallback', 'topology'];

/** The dimensions in which figures and verdicts of both sides agree if they are of the same. */
export function sharedDimensions(kind: Sides['kind'], dimensions: Dimensions): Dimensions {
  const free = kind === 'runs' ? ofMachine : [...ofMachine, ...ofMechanism];
  return Object.fromEntries(Object.entries(dimensions).filter(([name]) => !free.includes(name)));
}

/** Two runs. */
export function runsAsSides(base: StoredRun, other: StoredRun): Sides {
  return { kind: 'runs', base: sideOf(base), new: sideOf(other) };
}

/** `mechanism` held against another, `against`, in every boot of one run. @throws KeystormError (2) if the run has not both. */
export function mechanismsAsSides(run: StoredRun, against: string, mechanism: string): Sides {
  const whole = sideOf(run);
  if (against === mechanism)
    throw new KeystormError(`${mechanism} does not differ from itself: name two mechanisms of the run.`);
  const known = [...new Set(run.manifest.plan.cells.map((cell) => cell.mechanism.name))];
  const of = (name: string): Side => {
    if (!known.includes(name)) throw new KeystormError(unknownName('mechanism', name, known));
    const own = ({ dimensions }: { dimensions: Dimensions }) =>
      dimensions.mechanism === name || dimensions.mechanism === undefined;
    return { ...whole, mechanism: name, metrics: whole.metrics.filter(own), verdicts: whole.verdicts.filter(own) };
  };
  return { kind: 'mechanisms', base: of(against), new: of(mechanism) };
}

/** Whether its guests counted instructions in place of time. */
export function isCounted({ run }: Pick<Side, 'run'>): boolean {
  return run.manifest.plan.clock === 'icount';
}

/** A run with its figures and verdicts. */
export function sideOf(run: StoredRun): Side {
  const boots = bootsOf(run.manifest.plan, run.records);
  return { run, mechanism: null, boots, metrics: [...metricsOf(run), ...countedMetrics(run)], verdicts: judge(run) };
}
