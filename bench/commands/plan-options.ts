// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import {
  accelerators,
  clocks,
  longestDelayNs,
  mostArrangement,
  mostPathInstructions,
  type Plan,
} from '../../results/plan.ts';
import { KeystormError } from '../../vm/failure.ts';
import { commitOf } from '../../vm/image/revision.ts';
import type { ProviderAbilities } from '../../vm/machine.ts';
import { unknownName } from '../plan/choose.ts';
import { defaultMechanisms, makePlan, type PlanOptions, usualSmp } from '../plan/make-plan.ts';
import { mostRepeats } from '../plan/repro.ts';
import { collect, wholeNumber } from './context.ts';
import { addKernelOption, addKernelTreeOption, type KernelFlags, kernelOf } from './kernel-options.ts';
import { addMachineOption, machineProvider } from './machine-options.ts';

const standardBoots = 3;
const quickBoots = 1;
/** Where nothing is left to chance, neither is what is drawn: two runs have the same seed unless they are told another. */
const icountSeed = 1;
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

/** The options that say what is done in guests, whichever they are; with so many boots unless told otherwise. */
export function addWorkOptions(command: Command, boots: number, quick: number): Command {
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
    .option('--boots <n>', `independent boots (default: ${boots}, with --quick ${quick})`, wholeNumber(1, 999))
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

/** The plan that the flags ask for. @throws KeystormError (2) for what does not exist or does not go together. */
export function planOf(flags: PlanFlags): { readonly options: PlanOptions; readonly plan: Plan } {
  const options = planOptionsOf(flags);
  return { options, plan: makePlan(options) };
}

/** @throws KeystormError (2) for what does not exist. */
export function planOptionsOf(flags: PlanFlags): PlanOptions {
  const { abilities } = machineProvider(flags.machine);
  const kernel = kernelOf(flags, abilities);
  demand('accelerator', flags.accelerator, accelerators);
  demand('clock', flags.clock, clocks);
  return {
    mechanisms: flags.mechanism,
    scenarios: flags.scenario,
    rates: [...new Set(flags.rate)].sort((a, b) => a - b),
    ...kernel,
    ...(flags.module === undefined ? {} : { moduleCommit: commitOf(flags.module) }),
    arrangement: arrangementOf(flags, abilities),
    agentDelayNs: flags.agentDelay,
    pathInstructions: flags.pathInstructions,
    machine: flags.machine,
    disposable: abilities.disposable,
    ...guestTimeOf(flags),
    smp: flags.smp,
    boots: flags.boots ?? (flags.quick ? quickBoots : standardBoots),
    seed: seedOf(flags),
    quick: flags.quick,
    repeat: flags.repeat,
  };
}

/** The one that was given, or else that of the clock. */
export function seedOf({ seed, clock }: Pick<WorkFlags, 'seed' | 'clock'>): number {
  return seed ?? (clock === 'icount' ? icountSeed : randomInt(maxSeed));
}

/** @throws KeystormError (2) where no image is made that could be arranged. */
function arrangementOf({ arrangement }: PlanFlags, { chooseKernel }: Pick<ProviderAbilities, 'chooseKernel'>) {
  if (arrangement !== undefined && !chooseKernel)
    throw new KeystormError('That machine runs a system of its own, which nobody arranges: leave out --arrangement.');
  return arrangement;
}

/** Instructions are counted of one emulated processor. */
function guestTimeOf({ accelerator, clock, smp }: PlanFlags): Pick<PlanOptions, 'accelerator' | 'clock'> {
  if (clock !== 'icount') return { accelerator: accelerator as PlanOptions['accelerator'], clock: 'wall' };
  if (accelerator === 'kvm')
    throw new KeystormError(
      'Only an emulated processor counts instructions: give one of --clock icount and --accelerator kvm.',
    );
  if (smp !== 1)
    throw new KeystormError(`Instructions are counted of one processor: give one of --clock icount and --smp ${smp}.`);
  return { accelerator: 'tcg', clock };
}

function demand(what: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw new KeystormError(unknownName(what, name, known));
}
