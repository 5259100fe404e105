// SPDX-License-Identifier: MIT
/** Prepares what all QEMU guests share, then makes them. */

import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { ensureHostPackages, ensureRunning } from '../host/install.ts';
import { Preparation, type PreparedGuest } from '../image/prepare.ts';
import type { MachineOptions, MachineProvider, PrepareOptions } from '../machine.ts';
import { type Acceleration, chooseAcceleration } from './accelerator/choose.ts';
import { type GuestShape, qemuVersion, standardShape, verdictForGuests } from './accelerator/kvm.ts';
import { probeImage } from './accelerator/probe-image.ts';
import { QemuMachine, type QemuMachineChange } from './machine.ts';
import { tscFrequency, tscProgram } from './tsc/frequency.ts';

/** What a guest is booted with, by whoever boots it. */
export interface BootParts {
  readonly guest: PreparedGuest;
  readonly options: MachineOptions;
  readonly version: string;
  readonly acceleration: Acceleration;
  readonly tscKHz: number | undefined;
}

interface Prepared {
  readonly guest: PreparedGuest;
  readonly version: string;
  readonly acceleration: Acceleration;
  /** What the accelerator was seen to boot. */
  readonly shape: GuestShape;
  readonly demanded: boolean;
  readonly tscKHz: number | undefined;
}

export class QemuProvider implements MachineProvider {
  readonly name = 'qemu';
  readonly abilities = { disposable: true, chooseKernel: true };
  #prepared: Prepared | undefined;

  /** `bare`: a guest without our programs and module. */
  constructor(readonly bare = false) {}

  get slowness(): number {
    return this.#prepared?.guest.kernel.demands?.slowness ?? 1;
  }

  async prepare(options: PrepareOptions): Promise<void> {
    if (options.elsewhere === true) {
      await this.makeAll(options);
      return;
    }
    const { noInstall, progress, accelerator = 'auto' } = options;
    const { beforeMaking } = await ensureRunning(noInstall, progress);
    const version = await qemuVersion();
    const cache = Cache.standard(process.env, beforeMaking);
    const guest = await this.#guest(options, cache);
    const shape = fitting(guest, { ...standardShape, ...options.shape });
    const kernelOfGuest = { file: guest.kernelFile, identity: guest.kernel.identity };
    const acceleration = await chooseAcceleration(accelerator, () =>
      verdictForGuests(kernelOfGuest, shape, version, cache, progress),
    );
    const tsc = await tscFrequency(cache, progress);
    const notes = 'note' in tsc && acceleration.accelerator === 'tcg' ? [tsc.note] : [];
    this.#prepared = {
      ...{ guest, version, shape, demanded: accelerator === 'kvm' },
      acceleration: { ...acceleration, notes: [...acceleration.notes, ...notes] },
      tscKHz: 'kHz' in tsc ? tsc.kHz : undefined,
    };
  }

  /** What was prepared, and how it is run; KeystormError (exit 3) before that. */
  get prepared(): Pick<Prepared, 'guest' | 'acceleration'> {
    if (this.#prepared === undefined) throw new KeystormError('Nothing was prepared yet.', 3);
    return this.#prepared;
  }

  /** Makes whatever any host may need to boot the guest, and asks nothing of this one's processors. */
  async makeAll(options: PrepareOptions): Promise<PreparedGuest> {
    const { noInstall, progress } = options;
    await ensureHostPackages(noInstall, progress);
    const cache = Cache.standard();
    const guest = await this.#guest(options, cache);
    await probeImage(cache, progress);
    await tscProgram(cache, progress);
    return guest;
  }

  async #guest(options: PrepareOptions, cache: Cache): Promise<PreparedGuest> {
    const { kernel, kernelTree, moduleCommit, arrangement, locked, progress } = options;
    const choice = { kernel, kernelTree, moduleCommit, arrangement };
    const preparation = await Preparation.open({ ...choice, locked, bare: this.bare, progress }, cache);
    return await preparation.guest();
  }

  /** `change`: other keys, deadlines and such than the usual ones; tests use it. */
  create(options: MachineOptions, change: QemuMachineChange = {}): QemuMachine {
    return new QemuMachine({ ...this.bootParts(options), ...change });
  }

  /** What a guest with these options is booted with. */
  bootParts(options: MachineOptions): BootParts {
    if (this.#prepared === undefined) throw new KeystormError('A guest was asked for before anything was prepared.', 3);
    const { guest, version, tscKHz } = this.#prepared;
    const fitted = fitting(guest, options);
    return { guest, version, acceleration: accelerationOf(this.#prepared, fitted), options: fitted, tscKHz };
  }
}

/** With the memory that the kernel demands, where that is more. */
function fitting<Shape extends GuestShape>({ kernel }: PreparedGuest, shape: Shape): Shape {
  return { ...shape, memoryMiB: Math.max(shape.memoryMiB, kernel.demands?.memoryMiB ?? 0) };
}

/** KVM only for guests like the one that was seen to boot. */
function accelerationOf({ acceleration, shape, demanded }: Prepared, options: MachineOptions): Acceleration {
  const seen = options.smp === shape.smp && options.memoryMiB === shape.memoryMiB;
  if (acceleration.accelerator === 'tcg' || seen) return acceleration;
  const why = `KVM was tried with ${shape.smp} virtual processors and ${shape.memoryMiB} MiB, not with ${options.smp} and ${options.memoryMiB}`;
  if (demanded) throw new KeystormError(`${why}: prepare must be told what guests there will be.`, 3);
  return { accelerator: 'tcg', notes: [`Emulated processors (TCG): ${why}.`] };
}
