import type { Plan } from '../../../results/plan.ts';
import { readPlan } from '../../../results/plan-file.ts';
import { unfinishedBoots } from '../../../results/resumption.ts';
import { readRun, type StoredRun } from '../../../results/run-reader.ts';
import { demandNoRun, RunWriter } from '../../../results/run-writer.ts';
import { blocksOf, planHash, planOfShard, type Shard, shardName } from '../../../results/shards.ts';
import { demandUnfinished } from '../../../results/taking-up.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { programCommand } from '../../../vm/host/program.ts';
import { leftOutLine } from '../../plan/parts.ts';
import { plannedRepro, reproCommand } from '../../plan/repro.ts';
import { describeTool } from '../../run/host.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { ProgressDisplay } from '../../run/progress.ts';
import { clockOf } from '../../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../../run/run-folder.ts';
import { count } from '../../words.ts';
import { type CommandContext, userPath } from '../context.ts';
import type { PlanFlags } from '../plan-options.ts';
import { machineProvider } from './machine-provider.ts';
import { type MeasuringFlags, measured } from './measuring.ts';
import { demandFolder } from './places.ts';
import { planOf } from './plan-choice.ts';
import { runPath } from './run-path.ts';

export interface BenchFlags extends PlanFlags, MeasuringFlags {
  readonly plan?: string;
  readonly shard?: Shard;
  readonly out?: string;
  readonly resume?: string;
}

/** @throws KeystormError as the table of exit codes has it. */
export function bench(flags: BenchFlags, context: CommandContext): Promise<number> {
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
