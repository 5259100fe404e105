// SPDX-License-Identifier: MIT
/** Prepares what all guests behind Vagrant share, then makes them: what guests in QEMU need, a box of it, and a libvirt of our own. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { entrust } from '../host/reaper/entrust.ts';
import type { MachineOptions, MachineProvider, PrepareOptions } from '../machine.ts';
import { QemuProvider } from '../qemu/provider.ts';
import { type Box, boxOfRun } from './boxes.ts';
import { type VagrantEnvironment, vagrantEnvironment } from './environment.ts';
import { installBox } from './install-box.ts';
import { VagrantMachine, type VagrantMachineChange } from './machine.ts';
import { boxNeeds, demandNeeds, vagrantNeeds } from './needs.ts';
import { demandRoot, Sandbox } from './sandbox.ts';

interface Prepared {
  readonly box: Box;
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly environment: VagrantEnvironment;
}

export class VagrantProvider implements MachineProvider {
  readonly name = 'vagrant';
  readonly abilities = { disposable: true, chooseKernel: true };
  readonly #qemu = new QemuProvider();
  #prepared: Prepared | undefined;
  #guests = 0;

  get slowness(): number {
    return this.#qemu.slowness;
  }

  async prepare(options: PrepareOptions): Promise<void> {
    if (options.elsewhere === true) {
      demandNeeds(boxNeeds);
      const guest = await this.#qemu.makeAll(options);
      await boxOfRun(Cache.standard(), guest, options);
      return;
    }
    demandRoot();
    demandNeeds(vagrantNeeds);
    await this.#qemu.prepare(options);
    const { guest, acceleration } = this.#qemu.prepared;
    const cache = Cache.standard();
    const box = await boxOfRun(cache, guest, options);
    if (this.#prepared !== undefined) {
      await installBox(cache, box, this.#prepared, options.progress);
      this.#prepared = { ...this.#prepared, box };
      return;
    }
    const folder = await ownFolder();
    const { accelerator } = acceleration;
    const environment = await vagrantEnvironment(cache, accelerator);
    options.progress("Starting a libvirt for Vagrant's guests.");
    const sandbox = await Sandbox.open({ accelerator, logs: folder });
    await installBox(cache, box, { sandbox, environment, folder }, options.progress);
    this.#prepared = { box, sandbox, folder, environment };
  }

  /** `change`: other keys, deadlines and such than the usual ones; tests use it. */
  create(options: MachineOptions, change: VagrantMachineChange = {}): VagrantMachine {
    if (this.#prepared === undefined) throw new KeystormError('A guest was asked for before anything was prepared.', 3);
    const { box, sandbox, folder, environment } = this.#prepared;
    const scratch = path.join(folder, String(this.#guests++));
    return new VagrantMachine({ ...this.#qemu.bootParts(options), box, sandbox, scratch, environment, ...change });
  }

  /** Ends its libvirt, and all guests on it; that happens with this process at the latest. */
  async close(): Promise<void> {
    await this.#prepared?.sandbox.close();
    this.#prepared = undefined;
  }
}

/** For what must have a short name, and is gone when we are. */
async function ownFolder(): Promise<string> {
  const folder = path.join(tmpdir(), `keystorm-vagrant-${randomBytes(4).toString('hex')}`);
  entrust({ kind: 'folder', path: folder });
  await mkdir(folder, { mode: 0o700 });
  return folder;
}
