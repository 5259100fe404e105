// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { type Manifest, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import { demandNoRun, RunWriter } from '../../results/run-writer.ts';
import type { MachineProvider } from '../../vm/machine.ts';
import { openProvider } from '../../vm/providers.ts';
import type { PlanOptions } from '../plan/make-plan.ts';
import { leftOutLine } from '../plan/parts.ts';
import { reproCommand } from '../plan/repro.ts';
import { describeHost, describeTool } from '../run/host.ts';
import { catchInterrupts, type Interrupt } from '../run/interrupt.ts';
import { ProgressDisplay } from '../run/progress.ts';
import { clockOf, hostClockOf, runPlan } from '../run/run.ts';
import { makeRunFolder, runIdOf, standardRunsDir } from '../run/run-folder.ts';
import { type CommandContext, userPath } from './context.ts';
import { judgedRun, printReport, writeReport } from './judged-run.ts';
import { demandFolder } from './places.ts';
import { addPlanOptions, type PlanFlags, planOf } from './plan-options.ts';

interface BenchFlags extends PlanFlags {
  readonly out?: string;
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
  keystorm bench --json > /tmp/run.json         one document on standard output, progress on standard error

Exit codes: 0 every expectation met, 1 one was not, 2 usage, 3 a guest or the harness broke, 4 inconclusive,
130 or 143 interrupted (once: what was measured is kept; twice: at once).`;

export function addBenchCommand(program: Command, context: CommandContext): void {
  addPlanOptions(program.command('bench').description('boot guests, measure, judge and report'))
    .option('--out <dir>', 'folder of this run (default: a new one in results/runs)')
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: BenchFlags) => context.finish(await bench(flags, context)));
}

/** @throws KeystormError as the table of exit codes has it. */
async function bench(flags: BenchFlags, { output }: CommandContext): Promise<number> {
  const { options, plan } = planOf(flags);
  const provider = openProvider(options.machine);
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  // Before anything is fetched and built, which may take minutes.
  if (out !== undefined) {
    demandNoRun(out);
    demandFolder(out, 'give --out a folder that you may write to');
  }
  const display = new ProgressDisplay(clockOf(provider), output.progress);
  const interrupt = catchInterrupts((text) => display.note(text));
  try {
    await unlessInterrupted(
      interrupt,
      prepare(provider, plan, flags, (line) => display.note(line)),
    );
    const interrupted = interrupt.exitCode();
    if (interrupted !== undefined) return interrupted;
    // Only now: who made a mistake is to read about that one alone.
    const leftOut = leftOutLine(options);
    if (leftOut !== null) display.note(leftOut);
    const createdAt = new Date();
    const dir = out ?? makeRunFolder(standardRunsDir, createdAt, options.seed);
    const manifest = makeManifest(plan, options, dir, createdAt);
    const writer = RunWriter.create(dir, manifest, { clock: hostClockOf(clockOf(provider)) });
    await runPlan({ plan, provider, writer, listener: display, signal: interrupt.signal });
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
