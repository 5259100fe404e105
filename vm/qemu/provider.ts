// SPDX-License-Identifier: MIT
/** Prepares what all QEMU guests share, then makes them. */

import { KeystormError } from '../failure.ts';
import { run } from '../host/command.ts';
import { ensureHostPackages } from '../host/install.ts';
import { Preparation, type PreparedGuest } from '../image/prepare.ts';
import type { MachineOptions, MachineProvider, PrepareOptions } from '../machine.ts';
import { qemuProgram } from './arguments.ts';
import { QemuMachine, type QemuMachineParts } from './machine.ts';

export class QemuProvider implements MachineProvider {
  readonly name = 'qemu';
  #prepared: { readonly guest: PreparedGuest; readonly version: string } | undefined;

  /** `bare`: a guest without our programs and module. */
  constructor(readonly bare = false) {}

  async prepare(options: PrepareOptions): Promise<void> {
    await ensureHostPackages(options.noInstall, options.progress);
    const version = run(qemuProgram, ['--version']);
    const { kernel, locked, progress } = options;
    const preparation = await Preparation.open({ kernel, locked, bare: this.bare, progress });
    this.#prepared = { guest: await preparation.guest(), version: (await version).split('\n')[0] ?? '' };
  }

  /** `change`: other keys or deadlines than the usual ones; tests use it. */
  create(options: MachineOptions, change: Pick<QemuMachineParts, 'deadlines' | 'keys'> = {}): QemuMachine {
    if (this.#prepared === undefined) throw new KeystormError('A guest was asked for before anything was prepared.', 3);
    return new QemuMachine({ ...this.#prepared, options, ...change });
  }
}
