import { type Command, InvalidArgumentError } from 'commander';
import { accelerators, clocks, longestDelayNs, mostArrangement, mostPathInstructions } from '../../results/choices.ts';
import { defaultMechanisms } from '../mechanisms/index.ts';
import { mostRepeats, usualSmp } from '../plan/choices.ts';
import { collect, wholeNumber } from './context.ts';
import { addKernelOption, addKernelTreeOption, type KernelFlags } from './kernel-options.ts';
import { addMachineOption } from './machine-options.ts';

export const standardBoots = 3;
export const quickBoots = 1;
/** Where nothing is left to chance, neither is what is drawn: two runs have the same seed unless they are told another. */
export const icountSeed = 1;
export const maxSeed = 2 ** 31 - 1;
/** Starts a second; the format of a plan knows no more. */
const maxRate = 100_000;

const defaults = defaultMechanisms.join(', ');

/** Which guest; what commander makes of its options below. */
export interface GuestFlags extends KernelFlags {
  readonly module?: string;
  readonly arrangement?: number;
  readonly agentDelay?: number;
  readonly pathInstructions?: number;
}

/** What is done in it, and how often. */
export interface WorkFlags {
  readonly mechanism: string[];
  readonly scenario: string[];
  readonly rate: number[];
  readonly machine: string;
  readonly accelerator: string;
  readonly smp: number;
  readonly boots?: number;
  readonly seed?: number;
  readonly quick: boolean;
  readonly clock: string;
  readonly repeat: number;
}

export type PlanFlags = GuestFlags & WorkFlags;

/** The options that decide about a plan, for the commands that make one. */
export function addPlanOptions(command: Command): Command {
  return addClockOption(addWorkOptions(addGuestOptions(command), standardBoots, quickBoots));
}

/** By what guests measure. */
export function addClockOption(command: Command): Command {
  return command.option(
    '--clock <name>',
    `${clocks.join(', ')}; icount: guests count instructions in place of time, and each run gives the same figures; its seed, which decides also what lies where, is ${icountSeed} unless given`,
    'wall',
  );
}

function addGuestOptions(command: Command): Command {
  return addKernelTreeOption(addKernelOption(command))
    .option(
      '--module <revision>',
      'the kernel modules as git has them there: a commit, a branch, HEAD~2 (default: those of the working tree)',
    )
    .option(
      '--arrangement <n>',
      'the same guest, with its files elsewhere and the objects of our modules linked in another order: what makes no difference but by accident',
      wholeNumber(1, mostArrangement),
    )
    .option(
      '--agent-delay <ns>',
      'agents are busy for so long before each answer: a known difference, to try a comparison on',
      wholeNumber(1, longestDelayNs),
    )
    .option(
      '--path-instructions <n>',
      'our module executes so many instructions in vain in each upcall to an agent: likewise, and exact with --clock icount',
      wholeNumber(1, mostPathInstructions),
    );
}

/** The options that say what is done in guests, whichever they are; with so many boots unless told otherwise, or `counted` of guests that count instructions. */
export function addWorkOptions(command: Command, boots: number, quick: number, counted?: number): Command {
  const otherwise = counted === undefined ? '' : `; with --clock icount ${counted}`;
  return addMachineOption(command)
    .option(
      '--mechanism <names>',
      `what to measure, repeatable or with commas; all: every one (default: ${defaults})`,
      collect,
      [],
    )
    .option('--scenario <names>', 'under what, likewise; list says which are the default', collect, [])
    .option(
      '--rate <n>',
      'requests begun in a second in each container, in place of those that open-loop scenarios name; repeatable or with commas',
      collectRates,
      [],
    )
    .option(
      '--accelerator <name>',
      `${accelerators.join(', ')}; auto: kvm where a guest was seen to boot with it`,
      'auto',
    )
    .option(
      '--smp <n>',
      'virtual processors; with more than one, latencies are of another kind under emulation',
      wholeNumber(1, 64),
      usualSmp,
    )
    .option(
      '--boots <n>',
      `independent boots (default: ${boots}, with --quick ${quick}${otherwise})`,
      wholeNumber(1, 999),
    )
    .option('--seed <n>', 'decides the order of everything (default: a new one)', wholeNumber(0, maxSeed))
    .option('--quick', 'a smoke test: fewer boots, windows and scenarios', false)
    .option(
      '--repeat <n>',
      'measure each window so many times in each boot: where the host is so slow that too few requests end for a percentile',
      wholeNumber(1, mostRepeats),
      1,
    );
}

/** For commander: collects rates, each a whole number, repeated or with commas. */
function collectRates(text: string, previous: number[]): number[] {
  const rates = text.split(',').map((word) => (/^\d+$/.test(word.trim()) ? Number(word) : Number.NaN));
  if (rates.every((rate) => rate >= 1 && rate <= maxRate)) return [...previous, ...rates];
  throw new InvalidArgumentError(`It must be whole numbers from 1 to ${maxRate}, separated by commas.`);
}
