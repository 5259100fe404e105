import { type Command, InvalidArgumentError, Option } from 'commander';
import { accelerators } from '../../results/choices.ts';
import { paceOf } from '../stress/pace.ts';
import type { StressFlags } from './actions/stress.ts';
import { type CommandContext, collect, wholeNumber } from './context.ts';
import { addKernelOption } from './kernel-options.ts';
import { addAccessOptions, addMachineOption } from './machine-options.ts';
import { maxSeed } from './plan-options.ts';

const examples = `
Examples:
  keystorm stress                               ten minutes of random faults among eight containers
  keystorm stress --for 30m --mechanism userns-fd,stock --rate 100
  keystorm stress --for 2m --faults kill-answerer,slow-answerer --containers 3 --seed 7
  keystorm stress --smp 2 --kernel debug        on a kernel that looks for faults of the module

A run like any other: report, judge and bench --resume take it. Exit codes as of bench; Ctrl-C once: what was recorded is kept, and verdicts are unknown.`;

/** How long a session is unless told otherwise. */
const usualTime = '10m';
const mostContainers = 64;
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
    .action(async (flags: StressFlags) => {
      const { stress } = await import('./actions/stress.ts');
      context.finish(await stress(flags, context));
    });
}

/** For commander: a time in hours, minutes and seconds, as ms. */
function duration(text: string): number {
  const [whole, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  if (whole !== undefined && ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('It must be a time such as 90s, 10m or 1h30m, of a day at most.');
}
