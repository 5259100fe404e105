// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import { unfinishedBoots } from '../../results/resumption.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { demandNoRun, RunWriter } from '../../results/run-writer.ts';
import { KeystormError } from '../../vm/failure.ts';
import { openProvider } from '../../vm/providers.ts';
import { leftOutLine } from '../plan/parts.ts';
import { reproCommand } from '../plan/repro.ts';
import { describeTool } from '../run/host.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { ProgressDisplay } from '../run/progress.ts';
import { clockOf } from '../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../run/run-folder.ts';
import { type CommandContext, runPath, userPath } from './context.ts';
import { type MeasuringFlags, measured } from './measuring.ts';
import { demandFolder } from './places.ts';
import { addPlanOptions, type PlanFlags, planOf } from './plan-options.ts';

interface BenchFlags extends PlanFlags, MeasuringFlags {
  readonly out?: string;
  readonly resume?: string;
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
  ...[
    'mechanism',
    'scenario',
    'rate',
    'kernel',
    'kernelTree',
    'machine',
    'accelerator',
    'smp',
    'boots',
    'seed',
    'quick',
  ],
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
  const display = new ProgressDisplay(clockOf(provider), context.output.progress);
  return measured({ plan, provider, display }, flags, context, {
    place: () => {
      // Only now: who made a mistake is to read about that one alone.
      const leftOut = leftOutLine(options);
      if (leftOut !== null) display.note(leftOut);
      return out ?? makeRunFolder(standardRunsDir, createdAt, options.seed);
    },
    open: (dir, clock) => {
      const manifest = makeManifest(plan, reproCommand(plan, options), dir, createdAt);
      return { writer: RunWriter.create(dir, manifest, { clock }) };
    },
  });
}

/** @throws KeystormError (2) when there is nothing left to do, or the run is not to be taken up here. */
function takeUp(run: string, flags: BenchFlags, context: CommandContext): Promise<number> {
  const place = runPath(run);
  const { plan } = demandUnfinished(place).manifest;
  const provider = openProvider(plan.machine);
  const display = new ProgressDisplay(clockOf(provider), context.output.progress);
  return measured({ plan, provider, display }, flags, context, {
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
