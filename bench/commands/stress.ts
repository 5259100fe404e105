// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { accelerators, type Plan } from '../../results/plan.ts';
import { demandNoRun, RunWriter } from '../../results/run-writer.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { slownessOf } from '../../vm/image/kernels.ts';
import type { ProviderAbilities } from '../../vm/machine.ts';
import { mechanisms } from '../mechanisms/index.ts';
import { choose } from '../plan/choose.ts';
import { makeManifest } from '../run/make-manifest.ts';
import { clockOf } from '../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../run/run-folder.ts';
import { StressDisplay } from '../stress/display.ts';
import { paceOf } from '../stress/pace.ts';
import { makeStressPlan, mostContainers, type StressOptions } from '../stress/plan.ts';
import { stressRepro } from '../stress/repro.ts';
import { type CommandContext, collect, userPath, wholeNumber } from './context.ts';
import { addKernelOption, kernelOf } from './kernel-options.ts';
import { addAccessOptions, addMachineOption, machineProvider } from './machine-options.ts';
import { type MeasuringFlags, measured } from './measuring.ts';
import { demandFolder } from './places.ts';
import { maxSeed } from './plan-options.ts';

interface StressFlags extends MeasuringFlags {
  readonly for: number;
  readonly mechanism: string[];
  readonly faults: string[];
  readonly containers: number;
  readonly rate?: number;
  readonly smp: number;
  readonly seed?: number;
  readonly kernel: string;
  readonly kernelTree?: string;
  readonly machine: string;
  readonly accelerator: Plan['accelerator'];
  readonly out?: string;
}

const examples = `
Examples:
  keystorm stress                               ten minutes of random faults among eight containers
  keystorm stress --for 30m --mechanism userns-fd,stock --rate 100
  keystorm stress --for 2m --faults kill-answerer,slow-answerer --containers 3 --seed 7
  keystorm stress --smp 2 --kernel debug        on a kernel that looks for faults of the module

A run like any other: report, judge and bench --resume take it. Exit codes as of bench; Ctrl-C once: what was seen is kept and judged.`;

/** How long a session is unless told otherwise. */
const usualTime = '10m';
/** The longest session, in ms: a plan is fixed before its first boot. */
const longestMs = 24 * 3_600_000;

export function declareStress(command: Command, context: CommandContext): void {
  command
    .addOption(
      new Option('--for <time>', 'how long: 90s, 10m, 1h30m')
        .argParser(duration)
        .default(duration(usualTime), usualTime),
    )
    .option('--mechanism <names>', 'what is put under stress, in turns; repeatable or with commas', collect, [])
    .option(
      '--faults <names>',
      'what is injected: random, none, or of list faults; repeatable or with commas',
      collect,
      [],
    )
    .option('--containers <n>', 'one of several is left in peace', wholeNumber(1, mostContainers), 8)
    .option(
      '--rate <n>',
      `requests begun in a second in each container (default: ${paceOf(1).rate}; fewer on a kernel that is slow)`,
      wholeNumber(1, 100_000),
    )
    .option('--smp <n>', 'virtual processors', wholeNumber(1, 64), 1)
    .option('--seed <n>', 'decides which fault comes when (default: a new one)', wholeNumber(0, maxSeed))
    .addOption(new Option('--accelerator <name>', 'how').choices([...accelerators]).default('auto'))
    .option('--out <dir>', 'folder of this run (default: a new one in results/runs)');
  addAccessOptions(addMachineOption(addKernelOption(command)))
    .addOption(
      new Option('--kernel-tree <dir>', 'a kernel of your own: the folder it was built in').conflicts('kernel'),
    )
    .option('--locked', 'refuse, rather than take a newer kernel, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/bench/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: StressFlags) => context.finish(await stress(flags, context)));
}

/** @throws KeystormError as the table of exit codes has it. */
function stress(flags: StressFlags, context: CommandContext): Promise<number> {
  const provider = machineProvider(flags.machine);
  const options = optionsOf(flags, provider.abilities);
  const plan = makeStressPlan(options);
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  if (out !== undefined) {
    demandNoRun(out);
    demandFolder(out, 'give --out a folder that you may write to');
  }
  const display = new StressDisplay(clockOf(provider), context.output.progress);
  const createdAt = new Date();
  return measured({ plan, provider, display }, flags, context, {
    place: () => out ?? makeRunFolder(standardRunsDir, createdAt, options.seed),
    open: (dir, clock) => {
      const manifest = makeManifest(plan, stressRepro(options), dir, createdAt);
      return { writer: RunWriter.create(dir, manifest, { clock }) };
    },
  });
}

function optionsOf(flags: StressFlags, abilities: ProviderAbilities): StressOptions {
  const contenders = mechanisms.filter(({ floor }) => !floor).map(({ mechanism }) => mechanism.name);
  const kernel = kernelOf(flags, abilities);
  const slowness = abilities.chooseKernel ? slownessOf(kernel) : 1;
  return {
    mechanisms: choose('mechanism', contenders, flags.mechanism, ['keyagent-fd']),
    ...kernel,
    machine: flags.machine,
    disposable: abilities.disposable,
    accelerator: flags.accelerator,
    seed: flags.seed ?? randomInt(maxSeed),
    forMs: flags.for,
    containers: flags.containers,
    rate: flags.rate ?? paceOf(slowness).rate,
    faults: faultsOf(flags.faults),
    smp: flags.smp,
    slowness,
  };
}

function faultsOf(asked: readonly string[]): StressOptions['faults'] {
  const words = asked.flatMap((each) => each.split(',')).map((word) => word.trim());
  if (words.length === 0 || words.join() === 'random') return 'random';
  if (words.join() === 'none') return 'none';
  const possible = faults.filter(({ by }) => by === 'window').map(({ name }) => name);
  return choose('fault', possible, asked, []);
}

/** For commander: a time in hours, minutes and seconds, as ms. */
function duration(text: string): number {
  const [whole, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  if (whole !== undefined && ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('It must be a time such as 90s, 10m or 1h30m, of a day at most.');
}
