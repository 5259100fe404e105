// SPDX-License-Identifier: MIT
/** Two sides prepared, measured in turn and reported: what is done before there is anything to compare. */
import path from 'node:path';
import { type PairSide, pairSides } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import { demandNoRun, RunWriter } from '../../results/run-writer.ts';
import { primaryKernel } from '../../vm/image/kernels.ts';
import type { MachineProvider } from '../../vm/machine.ts';
import { openProvider } from '../../vm/providers.ts';
import type { ComparisonRules } from '../compare/figures.ts';
import { firstSides } from '../pair/order.ts';
import { pairRepro } from '../pair/repro.ts';
import { runPair } from '../pair/run-pair.ts';
import type { Subject } from '../pair/subject.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import { aloneIn } from '../run/alone.ts';
import { catchInterrupts, type Interrupt } from '../run/interrupt.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { ProgressDisplay, type ProgressSink } from '../run/progress.ts';
import { clockOf, hostClockOf, type RunParts } from '../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../run/run-folder.ts';
import { judgedRun, writeReport } from './judged-run.ts';
import { prepare, unlessInterrupted } from './measuring.ts';
import type { Output } from './output.ts';
import { demandFolder } from './places.ts';
import { type GuestFlags, planOptionsOf, type WorkFlags } from './plan-options.ts';

type Both<T> = Readonly<Record<PairSide, T>>;

export interface PairJob {
  readonly subjects: Both<Subject>;
  readonly work: WorkFlags & { readonly seed: number };
  readonly rules: ComparisonRules;
  /** Folder of both runs; absent: two new ones among the others. */
  readonly out?: string | undefined;
  readonly locked: boolean;
  readonly install: boolean;
}

/** One side while it is measured. */
interface SideAtWork {
  readonly plan: Plan;
  readonly provider: MachineProvider;
  readonly display: ProgressDisplay;
}

/**
 * The folders of both runs, each with its report; or the exit code of the signal that ended it, and whatever was recorded stays.
 * @throws KeystormError as the table of exit codes has it.
 */
export async function measuredPair(job: PairJob, output: Output): Promise<Both<string> | number> {
  const createdAt = new Date();
  if (job.out !== undefined) for (const side of pairSides) demandPlace(path.join(job.out, side));
  const { sides, options } = sidesOf(job, output.progress);
  const interrupt = catchInterrupts((text) => sides.base.display.note(text));
  try {
    for (const side of pairSides) {
      const { plan, provider, display } = sides[side];
      await unlessInterrupted(
        interrupt,
        prepare(provider, plan, job, (line) => display.note(line)),
      );
      const interrupted = interrupt.exitCode();
      if (interrupted !== undefined) return interrupted;
    }
    const places = eachSide((side) => placeOf(job, createdAt, side));
    await measure(sides, places, job, { options, createdAt, interrupt });
    for (const side of pairSides) writeReport(judgedRun(places[side]), places[side], output);
    return interrupt.exitCode() ?? places;
  } finally {
    interrupt.release();
  }
}

/** The sides of the job, their plans equal but for the guest. */
function sidesOf({ subjects, work }: PairJob, sink: ProgressSink): { sides: Both<SideAtWork>; options: PlanOptions } {
  const options = eachSide((side) => planOptionsOf({ ...work, ...guestOf(subjects[side]) }));
  const base = openProvider(options.base.machine);
  const providers: Both<MachineProvider> = { base, new: openProvider(options.new.machine, base) };
  const sides = eachSide((side) => ({
    plan: makePlan(options[side]),
    provider: providers[side],
    display: new ProgressDisplay(clockOf(base), namedSink(sink, side)),
  }));
  return { sides, options: options.base };
}

function guestOf({ kernel = primaryKernel, tree, module, delay }: Subject): GuestFlags {
  return {
    kernel,
    ...(tree === undefined ? {} : { kernelTree: tree }),
    ...(module === undefined ? {} : { module }),
    ...(delay === undefined ? {} : { agentDelay: Number(delay) }),
  };
}

interface Circumstances {
  readonly options: PlanOptions;
  readonly createdAt: Date;
  readonly interrupt: Interrupt;
}

/** No other harness is at work on either folder meanwhile. */
function measure(
  sides: Both<SideAtWork>,
  places: Both<string>,
  { rules, work }: PairJob,
  { options, createdAt, interrupt }: Circumstances,
): Promise<void> {
  const plans = eachSide((side) => sides[side].plan);
  const first = firstSides(plans.base.boots.length, work.seed);
  const repro = pairRepro(plans, options, rules);
  const parts = (side: PairSide): RunParts => {
    const { plan, provider, display } = sides[side];
    const pair = { side, first, alpha: rules.alpha, deltas: { ...rules.deltas } };
    const manifest = makeManifest(plan, repro, places[side], createdAt, { pair });
    const writer = RunWriter.create(places[side], manifest, { clock: hostClockOf(clockOf(provider)) });
    return { plan, provider, writer, listener: display, signal: interrupt.signal };
  };
  return aloneIn(places.base, () =>
    aloneIn(places.new, () => runPair({ base: parts('base'), new: parts('new'), first })),
  );
}

/** @throws KeystormError, before anything is fetched and built, which may take minutes. */
function demandPlace(dir: string): void {
  demandNoRun(dir);
  demandFolder(dir, 'give --out a folder that you may write to');
}

function placeOf({ out, work }: PairJob, createdAt: Date, side: PairSide): string {
  return out === undefined ? makeRunFolder(standardRunsDir, createdAt, work.seed, `-${side}`) : path.join(out, side);
}

function namedSink({ line, status }: ProgressSink, side: PairSide): ProgressSink {
  return { line: (text) => line(`${side}: ${text}`), status: (text) => status(`${side}: ${text}`) };
}

function eachSide<T>(make: (side: PairSide) => T): Both<T> {
  return { base: make('base'), new: make('new') };
}
