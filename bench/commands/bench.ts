// SPDX-License-Identifier: MIT
import { type Command, Option } from 'commander';
import type { Plan } from '../../results/plan.ts';
import { readPlan } from '../../results/plan-file.ts';
import { unfinishedBoots } from '../../results/resumption.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { demandNoRun, RunWriter } from '../../results/run-writer.ts';
import { blocksOf, planHash, planOfShard, type Shard, shardName } from '../../results/shards.ts';
import { demandUnfinished } from '../../results/taking-up.ts';
import { KeystormError } from '../../vm/failure.ts';
import { programCommand } from '../../vm/host/program.ts';
import { leftOutLine } from '../plan/parts.ts';
import { plannedRepro, reproCommand } from '../plan/repro.ts';
import { describeTool } from '../run/host.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { ProgressDisplay } from '../run/progress.ts';
import { clockOf } from '../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../run/run-folder.ts';
import { count } from '../words.ts';
import { type CommandContext, userPath } from './context.ts';
import { addAccessOptions, machineProvider } from './machine-options.ts';
import { type MeasuringFlags, measured } from './measuring.ts';
import { demandFolder } from './places.ts';
import { addPlanOptions, type PlanFlags, planOf } from './plan-options.ts';
import { runPath } from './run-path.ts';
import { shardOf } from './shard-option.ts';

interface BenchFlags extends PlanFlags, MeasuringFlags {
  readonly plan?: string;
  readonly shard?: Shard;
  readonly out?: string;
  readonly resume?: string;
}

const examples = `
Examples:
  keystorm bench --quick                        everything works? one boot, about two minutes on an idle machine
  keystorm bench                                three boots of the usual scenarios, about nine minutes likewise
  keystorm bench --mechanism stock,keyagent-fd --scenario latency --boots 10
  keystorm bench --scenario open-loop --rate 100,1000,5000
  keystorm bench --kernel 7.2 --quick           another of Debian's kernels; list kernels says which
  keystorm bench --kernel-tree ~/linux          the kernel you have built there
  keystorm bench --machine ssh:root@lab1        on a machine of yours, with the kernel it runs: says first what it would change
  keystorm bench --clock icount --quick         instructions in place of time: the same figures in every run
  keystorm bench --resume latest                the rest of a run that was cut off
  keystorm bench --plan plan.json --shard 2/4 --out s2   the second quarter of a plan; merge puts the four together
  keystorm bench --json > /tmp/run.json         one document on standard output, progress on standard error

Exit codes: 0 every expectation met, 1 one was not, 2 usage, 3 a guest or the harness broke, 4 inconclusive,
130 or 143 interrupted (once: what was measured is kept; twice: at once).`;

/** Options that decide about a plan: one that is in a file has them. */
const decidedByPlan = [
  'mechanism',
  'scenario',
  'rate',
  'kernel',
  'kernelTree',
  'module',
  'arrangement',
  'agentDelay',
  'pathInstructions',
  'machine',
  'accelerator',
  'clock',
  'smp',
  'boots',
  'seed',
  'quick',
  'repeat',
];
/** A run that is taken up has also its plan, and its place. */
const decidedBefore = [...decidedByPlan, 'plan', 'shard', 'out'];

export function declareBench(command: Command, context: CommandContext): void {
  addAccessOptions(addPlanOptions(command))
    .addOption(
      new Option('--plan <file>', "do what this plan says, which 'plan --out' has written").conflicts(decidedByPlan),
    )
    .option(
      '--shard <i/n>',
      'only the i-th of n parts of that plan, whole blocks of boots; merge puts them together',
      shardOf,
    )
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

/** What is to be done, and how it is done again. */
interface Task {
  readonly plan: Plan;
  readonly repro: string;
  /** Only this part of the plan. */
  readonly shard?: Shard | undefined;
  /** A line about the plan, once nothing can be wrong with it any more. */
  readonly remark: string | null;
}

function begin(flags: BenchFlags, context: CommandContext): Promise<number> {
  const { plan, repro, shard, remark } = taskOf(flags);
  const provider = machineProvider(plan.machine, plan.clock);
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  // Before anything is fetched and built, which may take minutes.
  if (out !== undefined) {
    demandNoRun(out);
    demandFolder(out, 'give --out a folder that you may write to');
  }
  const createdAt = new Date();
  const display = new ProgressDisplay(clockOf(provider), context.output.progress);
  const part = shard === undefined ? plan : planOfShard(plan, shard);
  return measured({ plan: part, provider, display }, flags, context, {
    place: () => {
      // Only now: who made a mistake is to read about that one alone.
      if (remark !== null) display.note(remark);
      return out ?? makeRunFolder(standardRunsDir, createdAt, plan.seed);
    },
    open: (dir, clock) => ({
      writer: RunWriter.create(dir, makeManifest(plan, repro, dir, createdAt, { shard }), { clock }),
    }),
  });
}

/** @throws KeystormError (2) for a plan that there is not, or a shard that it does not have. */
function taskOf(flags: BenchFlags): Task {
  const { shard } = flags;
  if (flags.plan === undefined) {
    if (shard !== undefined) {
      throw new KeystormError(
        `--shard is a part of a plan that all shards share: write one with \`${programCommand()} plan --out FILE\`, and give --plan FILE.`,
      );
    }
    const { options, plan } = planOf(flags);
    return { plan, repro: reproCommand(plan, options), remark: leftOutLine(options) };
  }
  const file = userPath(flags.plan);
  const plan = readPlan(file);
  const repro = plannedRepro(file, shard);
  if (shard === undefined) return { plan, repro, remark: null };
  const blocks = blocksOf(plan).length;
  if (shard.count > blocks) {
    throw new KeystormError(
      `${file} cannot be divided into ${shard.count} shards: it has ${count(blocks, 'block')} of boots, which are not split.`,
    );
  }
  const remark = `shard ${shardName(shard)} of plan ${planHash(plan).slice(0, 12)}`;
  return { plan, repro, shard, remark };
}

/** @throws KeystormError (2) when there is nothing left to do, or the run is not to be taken up here. */
function takeUp(run: string, flags: BenchFlags, context: CommandContext): Promise<number> {
  const place = runPath(run);
  const { plan } = unfinishedRun(place).manifest;
  const provider = machineProvider(plan.machine, plan.clock);
  const display = new ProgressDisplay(clockOf(provider), context.output.progress);
  return measured({ plan, provider, display }, flags, context, {
    place: () => place,
    open: (dir, clock) => {
      // Read once more, now that nobody else writes it.
      const { manifest, records } = unfinishedRun(dir);
      const boots = unfinishedBoots(manifest.plan, records);
      const again = boots.map(({ index }) => index);
      const [like] = records.flatMap((record) => (record.kind === 'boot-start' ? [record.description] : []));
      return { writer: RunWriter.resume(dir, { again, tool: describeTool() }, { clock }), boots, like };
    },
  });
}

function unfinishedRun(dir: string): StoredRun {
  const run = readRun(dir);
  demandUnfinished(run);
  return run;
}
