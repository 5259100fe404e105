// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import type { Plan } from '../../../results/plan.ts';
import { demandNoRun, RunWriter } from '../../../results/run-writer.ts';
import { faults } from '../../../scenarios/faults/index.ts';
import { slownessOf } from '../../../vm/image/kernels.ts';
import type { ProviderAbilities } from '../../../vm/machine.ts';
import { mechanisms } from '../../mechanisms/index.ts';
import { choose } from '../../plan/choose.ts';
import { makeManifest } from '../../run/make-manifest.ts';
import { clockOf } from '../../run/run.ts';
import { makeRunFolder, standardRunsDir } from '../../run/run-folder.ts';
import { StressDisplay } from '../../stress/display.ts';
import { paceOf } from '../../stress/pace.ts';
import { makeStressPlan, type StressOptions } from '../../stress/plan.ts';
import { stressRepro } from '../../stress/repro.ts';
import { type CommandContext, userPath } from '../context.ts';
import { maxSeed } from '../plan-options.ts';
import { kernelOf } from './kernel-choice.ts';
import { machineProvider } from './machine-provider.ts';
import { type MeasuringFlags, measured } from './measuring.ts';
import { demandFolder } from './places.ts';

export interface StressFlags extends MeasuringFlags {
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

/** @throws KeystormError as the table of exit codes has it. */
export function stress(flags: StressFlags, context: CommandContext): Promise<number> {
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
