// SPDX-License-Identifier: MIT
import { npmProgram, shellQuoted } from '../../vm/host/program.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { kernelWords } from '../plan/repro.ts';
import { possibleFaults } from './draw.ts';
import { paceOf } from './pace.ts';
import type { StressOptions } from './plan.ts';

/** The command line that repeats a session, every choice spelled out: what `random` chooses from grows. */
export function stressRepro(options: StressOptions): string {
  const { mechanisms, faults, forMs, containers, rate, smp, seed, kernel, kernelTree, machine, accelerator } = options;
  const words = [
    ...['stress', '--for', `${Math.round(forMs / 1_000)}s`, '--mechanism', mechanisms.join(',')],
    ...['--faults', faults === 'random' ? namesFor(options) : faults === 'none' ? faults : faults.join(',')],
    ...['--containers', String(containers), '--rate', String(rate), '--smp', String(smp), '--seed', String(seed)],
    ...kernelWords({ kernel, kernelTree }),
    ...['--machine', machine, '--accelerator', accelerator],
  ];
  return `${npmProgram} ${words.map(shellQuoted).join(' ')}`;
}

function namesFor({ mechanisms, smp, rate, slowness, disposable }: StressOptions): string {
  const pace = paceOf(slowness);
  const possible = mechanisms.flatMap((name) => {
    const mechanism = findMechanism(name)?.mechanism;
    return mechanism === undefined ? [] : possibleFaults(mechanism, smp, rate, pace, disposable);
  });
  return [...new Set(possible.map(({ name }) => name))].join(',');
}
