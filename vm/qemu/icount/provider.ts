// SPDX-License-Identifier: MIT
/** Prepares what guests that count their instructions share, then makes them. */
import { Cache } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { ensureHostPackages, ensureRunning } from '../../host/install.ts';
import { Preparation, type PreparedGuest } from '../../image/prepare.ts';
import type { MachineOptions, MachineProvider, PrepareOptions } from '../../machine.ts';
import { qemuVersion } from '../accelerator/kvm.ts';
import { IcountMachine, icountSlowness } from './machine.ts';

interface Prepared {
  readonly guest: PreparedGuest;
  readonly version: string;
  readonly cache: Cache;
  readonly progress: (line: string) => void;
}

export class IcountProvider implements MachineProvider {
  readonly name = 'qemu';
  readonly abilities = { disposable: true, chooseKernel: true };
  #prepared: Prepared | undefined;

  get slowness(): number {
    return this.#prepared === undefined ? 1 : icountSlowness(this.#prepared.guest);
  }

  /** @throws KeystormError (2) for guests that cannot count their instructions: of several processors, or real ones. */
  async prepare(options: PrepareOptions): Promise<void> {
    const { noInstall, progress, accelerator = 'auto', shape } = options;
    if (accelerator === 'kvm')
      throw new KeystormError('Only emulated processors count instructions: leave out --accelerator kvm.');
    demandOneProcessor(shape?.smp ?? 1);
    if (options.elsewhere === true) {
      await ensureHostPackages(noInstall, progress);
      await guestOf(options, Cache.standard());
      return;
    }
    const { beforeMaking } = await ensureRunning(noInstall, progress);
    const version = await qemuVersion();
    const cache = Cache.standard(process.env, beforeMaking);
    this.#prepared = { version, cache, progress, guest: await guestOf(options, cache) };
  }

  /** `snapshots`: guests are restored where they can be; false: each boots in full. */
  create(options: MachineOptions, snapshots = true): IcountMachine {
    if (this.#prepared === undefined) throw new KeystormError('A guest was asked for before anything was prepared.', 3);
    demandOneProcessor(options.smp);
    const { guest, version, cache, progress } = this.#prepared;
    const memoryMiB = Math.max(options.memoryMiB, guest.kernel.demands?.memoryMiB ?? 0);
    return new IcountMachine({
      ...{ guest, version, progress, cache: snapshots ? cache : undefined },
      options: { ...options, memoryMiB, seed: options.seed ?? 0 },
    });
  }
}

function demandOneProcessor(smp: number): void {
  if (smp !== 1)
    throw new KeystormError(
      `Instructions are counted of one processor, not of ${smp}: leave out --smp, or take --clock wall.`,
    );
}

async function guestOf(options: PrepareOptions, cache: Cache): Promise<PreparedGuest> {
  const { kernel, kernelTree, moduleCommit, arrangement, locked, progress } = options;
  const preparation = await Preparation.open(
    { kernel, kernelTree, moduleCommit, arrangement, locked, progress },
    cache,
  );
  return await preparation.guest();
}
