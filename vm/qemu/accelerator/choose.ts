// SPDX-License-Identifier: MIT
/** From what was asked for and what KVM was seen to do, to the accelerator that is used. */
import { KeystormError } from '../../failure.ts';
import type { PrepareOptions } from '../../machine.ts';
import { describeVerdict, type KnownVerdict, probeCommand } from './verdict.ts';

export interface Acceleration {
  readonly accelerator: 'tcg' | 'kvm';
  /** For the machine's description: why it is not KVM, when nobody said that it should not be. */
  readonly notes: readonly string[];
}

/**
 * Emulation, or KVM if it was seen to boot. `kvm` is asked only if the answer matters. KeystormError (exit 2) when KVM
 * was demanded and does not boot here.
 */
export async function chooseAcceleration(
  wanted: NonNullable<PrepareOptions['accelerator']>,
  kvm: () => Promise<KnownVerdict>,
): Promise<Acceleration> {
  if (wanted === 'tcg') return { accelerator: 'tcg', notes: [] };
  const verdict = await kvm();
  if (verdict.outcome === 'boots') return { accelerator: 'kvm', notes: [] };
  const why = describeVerdict(verdict, `; ${probeCommand()} tries again`);
  if (wanted === 'kvm')
    throw new KeystormError(`KVM was asked for but does not boot a guest here: ${why}; use --accelerator tcg or auto.`);
  return { accelerator: 'tcg', notes: [`Emulated processors (TCG), as KVM does not boot a guest here: ${why}.`] };
}
