// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import { type Manifest, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { demandNoRun, type HostClock, RunWriter } from '../../results/run-writer.ts';
import { KeystormError } from '../../vm/failure.ts';
import type { MachineProvider } from '../../vm/machine.ts';
import { openProvider } from '../../vm/providers.ts';
import type { PlanOptions } from '../plan/make-plan.ts';
import { leftOutLine } from '../plan/parts.ts';
import { reproCommand } from '../plan/repro.ts';
import { aloneIn } from '../run/alone.ts';
import { describeHost, describeTool } from '../run/host.ts';
import { catchInterrupts, type Interrupt } from '../run/interrupt.ts';
import { ProgressDisplay } from '../run/progress.ts';
import { clockOf, hostClockOf, type RunParts, runPlan } from '../run/run.ts';
import { makeRunFolder, runIdOf, standardRunsDir } from '../run/run-folder.ts';
import { type CommandContext, runPath, userPath } from './context.ts';
import { judgedRun, printReport, writeReport } from './judged-run.ts';
import { demandFolder } from './places.ts';
import { addPlanOptions, type PlanFlags, planOf } from './plan-options.ts';

interface BenchFlags extends PlanFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  keystorm bench --quick                        everything works? one boot, some two minutes of the guest's time
  keystorm bench                                three boots of the usual scenarios, about nine minutes
  keystorm bench --mechanism stock,keyagent-fd --scenario latency --boots 10
  keystorm bench --scenario open-loop --rate 100,1000,5000
  keystorm bench --kernel 7.2 --quick           another of Debian's kernels; list kernels says which
  keystorm bench --kernel-tree ~/linux          the kernel you have built there
  keystorm bench --resume latest                the rest of a run that was cut off
  keystorm bench --json > /tmp/run.json         one document on standard output, progress on standard error

Exit codes: 0 every expectation met, 1 one was not, 2 usage, 3 a guest or the harness broke, 4 inconclusive,
130 or 143 interrupted (once: what was measured is kept; twice: at once).`;

/** Options that decide about a plan or its place: a run that is taken up has both. */
const decidedBefore = [
  ...['mechanism', 'scenario', 'rate', 'kernel', 'kernelTree', 'machine', 'accelerator', 'boots', 'seed', 'quick'],
  'out',
];

export function addBenchCommand(program: Command, context: CommandContext): void {
  addPlanOptions(program.command('bench').description('boot guests, measure, judge and report'))
    .option('--out <dir>', 'folder of this run (default: a new one in results/runs)')
    .addOption(
      new Option(
        '--resume <run>',
        'take up a run that was cut off: its folder, its name or latest; boots that came to their end stay as they are',
      ).conflicts(decidedBefore),
    )
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: BenchFlags) => context.finish(await bench(flags, context)));
}

/** @throws KeystormError as the table of exit codes has it. */
function bench(flags: BenchFlags, context: CommandContext): Promise<number> {
  return flags.resume === undefined ? begin(flags, context) : takeUp(flags.resume, flags, context);
}

function begin(flags: BenchFlags, context: CommandContext): Promise<number> {
  const { options, plan } = planOf(flags);
  const provider = openProvider(options.machine);
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  // Before anything is fetched and built, which may take minutes.
  if (out !== undefined) {
    demandNoRun(out);
    demandFolder(out, 'give --out a folder that you may write to');
  }
  const createdAt = new Date();
  return measured({ plan, provider }, flags, context, {
    place: (display) => {
      // Only now: who made a mistake is to read about that one alone.
      const leftOut = leftOutLine(options);
      if (leftOut !== null) display.note(leftOut);
      return out ?? makeRunFolder(standardRunsDir, createdAt, options.seed);
    },
    open: (dir, clock) => ({ writer: RunWriter.create(dir, makeManifest(plan, options, dir, createdAt), { clock }) }),
  });
}

/** @throws KeystormError (2) when there is nothing left to do, or the run is not to be taken up here. */
function takeUp(run: string, flags: BenchFlags, context: CommandContext): Promise<number> {
  const place = runPath(run);
  const { plan } = demandUnfinished(place).manifest;
  const provider = openProvider(plan.machine);
  return measured({ plan, provider }, flags, context, {
    place: () => place,
    open: (dir, clock) => {
      // Read once more, now that nobody else writes it.
      const { manifest, records } = demandUnfinished(dir);
      const boots = unfinishedBoots(manifest.plan, records);
      const again = boots.map(({ index }) => index);
      const [like] = records.flatMap((record) => (record.kind === 'boot-start' ? [record.description] : []));
      return { writer: RunWriter.resume(dir, { again, tool: describeTool() }, { clock }), boots, like };
    },
  });
}

function demandUnfinished(dir: string): StoredRun {
  const run = readRun(dir);
  if (unfinishedBoots(run.manifest.plan, run.records).length > 0) return run;
  throw new KeystormError(`Every boot of ${dir} came to its end: nothing is left to take up.`);
}

interface Opening {
  /** The run's folder, asked for when everything is prepared. */
  place(display: ProgressDisplay): string;
  /** Called while no other harness is at work on the folder. */
  open(dir: string, clock: HostClock): Pick<RunParts, 'writer' | 'boots' | 'like'>;
}

async function measured(
  { plan, provider }: { readonly plan: Plan; readonly provider: MachineProvider },
  flags: BenchFlags,
  { output }: CommandContext,
  { place, open }: Opening,
): Promise<number> {
  const display = new ProgressDisplay(clockOf(provider), output.progress);
  const interrupt = catchInterrupts((text) => display.note(text));
  try {
    await unlessInterrupted(
      interrupt,
      prepare(provider, plan, flags, (line) => display.note(line)),
    );
    const interrupted = interrupt.exitCode();
    if (interrupted !== undefined) return interrupted;
    const dir = place(display);
    await aloneIn(dir, () =>
      runPlan({
        ...open(dir, hostClockOf(clockOf(provider))),
        ...{ plan, provider, listener: display, signal: interrupt.signal },
      }),
    );
    const judged = judgedRun(dir);
    printReport(judged, flags.json, output);
    const failed = writeReport(judged, dir, output);
    return interrupt.exitCode() ?? (judged.exitCode || failed);
  } finally {
    interrupt.release();
  }
}

function prepare(
  provider: MachineProvider,
  { kernel, kernelTree, accelerator, smp, memoryMiB }: Plan,
  { locked, install }: BenchFlags,
  progress: (line: string) => void,
): Promise<void> {
  const shape = { smp, memoryMiB };
  return provider.prepare({ kernel, kernelTree, accelerator, shape, locked, noInstall: !install, progress });
}

/** Nothing is measured yet, so there is nothing to wait for once somebody wants to stop. */
function unlessInterrupted({ signal }: Interrupt, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}

function makeManifest(plan: Plan, options: PlanOptions, dir: string, createdAt: Date): Manifest {
  return {
    schema: runSchemaName,
    runId: runIdOf(dir),
    createdAt: createdAt.toISOString(),
    tool: describeTool(),
    plan,
    host: describeHost(),
    seed: plan.seed,
    repro: reproCommand(plan, options),
  };
}
