// SPDX-License-Identifier: MIT
/** Several runs prepared, measured in turn and reported. */
import type { Manifest } from '../../../results/manifest.ts';
import type { Plan } from '../../../results/plan.ts';
import { demandNoRun, RunWriter } from '../../../results/run-writer.ts';
import type { MachineProvider } from '../../../vm/machine.ts';
import { citeIn } from '../../calibrate/store.ts';
import { runInTurn } from '../../pair/run-in-turn.ts';
import { aloneIn } from '../../run/alone.ts';
import { catchInterrupts } from '../../run/interrupt.ts';
import { ProgressDisplay, type ProgressSink } from '../../run/progress.ts';
import { clockOf, hostClockOf, type RunParts } from '../../run/run.ts';
import type { Output } from '../output.ts';
import { judgedRun, writeReport } from './judged-run.ts';
import { type PrepareFlags, prepare, unlessInterrupted } from './measuring.ts';
import { demandFolder } from './places.ts';

/** One of several runs. */
export interface Contender {
  readonly name: string;
  readonly plan: Plan;
  /** Not prepared yet, unless another contender's, too. */
  readonly provider: MachineProvider;
  /** Where its run goes, asked for when everything is prepared. */
  place(): string;
  manifest(dir: string): Manifest;
}

/**
 * The folders of the runs by name, each with its report; or the exit code of the signal that ended them, and whatever was recorded stays.
 * `order`: for each block, the names as they are measured.
 * @throws KeystormError as the table of exit codes has it.
 */
export async function measuredInTurn(
  contenders: readonly Contender[],
  order: readonly (readonly string[])[],
  flags: PrepareFlags,
  output: Output,
): Promise<Readonly<Record<string, string>> | number> {
  const displays = new Map(
    contenders.map(({ name, provider }) => [
      name,
      new ProgressDisplay(clockOf(provider), namedSink(output.progress, name)),
    ]),
  );
  const note = (name: string, line: string) => displays.get(name)?.note(line);
  const interrupt = catchInterrupts((text) => output.progress.line(text));
  try {
    const prepared = new Set<MachineProvider>();
    for (const { name, plan, provider } of contenders) {
      if (prepared.has(provider)) continue;
      prepared.add(provider);
      await unlessInterrupted(
        interrupt,
        prepare(provider, plan, flags, (line) => note(name, line)),
      );
      const interrupted = interrupt.exitCode();
      if (interrupted !== undefined) return interrupted;
    }
    const places = Object.fromEntries(contenders.map((contender) => [contender.name, contender.place()]));
    const partsOf = ({ name, plan, provider, manifest }: Contender): RunParts => {
      const dir = places[name] as string;
      const writer = RunWriter.create(dir, manifest(dir), { clock: hostClockOf(clockOf(provider)) });
      return { plan, provider, writer, listener: displays.get(name) as ProgressDisplay, signal: interrupt.signal };
    };
    await aloneInAll(Object.values(places), () =>
      runInTurn({ runs: Object.fromEntries(contenders.map((each) => [each.name, partsOf(each)])), order }),
    );
    for (const dir of Object.values(places)) {
      const judged = judgedRun(dir);
      citeIn(judged.run);
      writeReport(judged, dir, output);
    }
    return interrupt.exitCode() ?? places;
  } finally {
    interrupt.release();
  }
}

/** @throws KeystormError, before anything is fetched and built, which may take minutes. */
export function demandPlace(dir: string): void {
  demandNoRun(dir);
  demandFolder(dir, 'give --out a folder that you may write to');
}

function aloneInAll(dirs: readonly string[], work: () => Promise<void>): Promise<void> {
  const [dir, ...others] = dirs;
  return dir === undefined ? work() : aloneIn(dir, () => aloneInAll(others, work));
}

function namedSink({ line, status }: ProgressSink, name: string): ProgressSink {
  return { line: (text) => line(`${name}: ${text}`), status: (text) => status(`${name}: ${text}`) };
}
