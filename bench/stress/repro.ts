// SPDX-License-Identifier: MIT
import { npmProgram, shellQuoted } from '../../vm/host/program.ts';
import { findMechanism } from '../mechanisms/index.ts';
import { possibleFaults } from './draw.ts';
import { type Pace, paceOf } from './pace.ts';
import type { StressOptions } from './plan.ts';

/** The command line that repeats a session, every choice spelled out: what `random` chooses from grows. */
export function stressRepro(options: StressOptions): string {
  const { mechanisms, faults, forMs, containers, rate, smp, seed, kernel, kernelTree, machine, accelerator } = options;
  const pace = paceOf(options.slowness);
  const words = [
    ...['stress', '--for', `${Math.round(forMs / 1_000)}s`, '--mechanism', mechanisms.join(',')],
    ...[
      '--faults',
      faults === 'random' ? namesFor(mechanisms, smp, rate, pace) : faults === 'none' ? faults : faults.join(','),
    ],
    ...['--containers', String(containers), '--rate', String(rate), '--smp', String(smp), '--seed', String(seed)],
    ...(kernelTree === undefined ? ['--kernel', kernel] : ['--kernel-tree', kernelTree]),
    ...['--machine', machine, '--accelerator', accelerator],
  ];
  return `${npmProgram} ${words.map(shellQuoted).join(' ')}`;
}

function namesFor(mechanisms: readonly string[], smp: number, rate: number, pace: Pace): string {
  const possible = mechanisms.flatMap((name) => {
    const mechanism = findMechanism(name)?.mechanism;
    return mechanism === undefined ? [] : possibleFaults(mechanism, smp, rate, pace);
  });
  return [...new Set(possible.map(({ name }) => name))].join(',');
}
