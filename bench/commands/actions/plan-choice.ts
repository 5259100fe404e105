// SPDX-License-Identifier: MIT
/** The plan that a command is for, from its flags. */
import { randomInt } from 'node:crypto';
import { accelerators, clocks } from '../../../results/choices.ts';
import type { Plan } from '../../../results/plan.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { commitOf } from '../../../vm/image/revision.ts';
import type { ProviderAbilities } from '../../../vm/machine.ts';
import { unknownName } from '../../plan/choose.ts';
import { makePlan, type PlanOptions } from '../../plan/make-plan.ts';
import { icountSeed, maxSeed, type PlanFlags, quickBoots, standardBoots, type WorkFlags } from '../plan-options.ts';
import { kernelOf } from './kernel-choice.ts';
import { machineProvider } from './machine-provider.ts';

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
