// SPDX-License-Identifier: MIT
/** Whether libvirt may use KVM here: only where a guest was seen to boot with it. */
import type { Cache } from '../cache.ts';
import { Preparation } from '../image/prepare.ts';
import { primaryKernel } from '../image/primary-kernel.ts';
import { chooseAcceleration } from '../qemu/accelerator/choose.ts';
import { qemuVersion, standardShape, verdictForGuests } from '../qemu/accelerator/kvm.ts';

/** For guests that are started by hand, which are of the standard shape. */
export async function driverHere(cache: Cache, progress: (line: string) => void): Promise<'tcg' | 'kvm'> {
  const preparation = await Preparation.open({ kernel: primaryKernel, locked: false, progress }, cache);
  const kernel = { file: await preparation.kernelFile(), identity: preparation.kernel.identity };
  const version = await qemuVersion();
  const { accelerator } = await chooseAcceleration('auto', () =>
    verdictForGuests(kernel, standardShape, version, cache, progress),
  );
  return accelerator;
}
