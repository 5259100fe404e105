// SPDX-License-Identifier: MIT
/** Somebody's machine, which runs already and goes on after us: nothing is booted, and what is changed is put back. */
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { KeystormError, MachineFailure } from '../failure.ts';
import { makeFolder } from '../host/folder.ts';
import { guestFolder } from '../image/initramfs.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions, ShellResult } from '../machine.ts';
import { SshError, type SshLink, type SshTarget } from '../ssh/link.ts';
import { runnerChannel } from '../ssh/runner-channel.ts';
import { terminalOver } from '../ssh/terminal.ts';
import { connect, Root } from './box.ts';
import type { Facts } from './facts.ts';
import { type Luggage, putBackAfterLoss, putBackByHand, Stay, type Trouble } from './stay.ts';

export interface LabMachineParts {
  readonly target: SshTarget;
  readonly facts: Facts;
  readonly description: MachineDescription;
  readonly luggage: Luggage;
  readonly options: MachineOptions;
  readonly progress: (line: string) => void;
}

/** A shell command without a limit of its own. */
const commandMs = 120_000;

export class LabMachine implements Machine {
  readonly abilities: Abilities;
  readonly #parts: LabMachineParts;
  #starting: Promise<void> | undefined;
  #root: Root | undefined;
  #stay: Stay | undefined;
  #stopping: Promise<void> | undefined;
  #failure: MachineFailure | null = null;
  #gone: () => void = () => undefined;
  readonly #end = new Promise<void>((resolve) => {
    this.#gone = resolve;
  });

  constructor(parts: LabMachineParts) {
    this.#parts = parts;
    this.abilities = {
      shell: { run: (command, options) => this.run(command, options?.timeoutMs) },
      terminal: terminalOver(
        () => this.#connected().link,
        async (symptom) => this.#lost(symptom),
        (command) => this.#connected().command(command),
      ),
      disposable: false,
    };
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) throw new KeystormError('This machine was started before.', 3);
    this.#starting = this.#start();
    await this.#starting;
  }

  async ready(): Promise<void> {
    this.#connected();
  }

  async channel(): Promise<Duplex> {
    const root = this.#connected();
    try {
      const command = await root.start(`exec ${guestFolder}/ks-runner`);
      return runnerChannel(
        command,
        path.join(this.#parts.options.dir, 'runner-stderr.log'),
        async () => this.#lost('The connection to the runner was lost.'),
        (symptom) => new MachineFailure('harness-fault', symptom),
      );
    } catch (error) {
      throw this.#lost(`The runner could not be reached: ${(error as Error).message}.`);
    }
  }

  /** Runs a shell command there, as root. */
  async run(command: string, timeoutMs = commandMs): Promise<ShellResult> {
    const root = this.#connected();
    try {
      return await root.run(command, timeoutMs);
    } catch (error) {
      throw this.#lost(`A command failed: ${(error as Error).message}.`);
    }
  }

  async wait(): Promise<MachineExit> {
    await this.#end;
    return { failure: this.#failure, consoleTail: [] };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#leave().finally(() => this.#gone());
    return this.#stopping;
  }

  describe(): MachineDescription {
    return this.#parts.description;
  }

  async #start(): Promise<void> {
    const { target, facts, luggage, options } = this.#parts;
    await makeFolder(options.dir);
    let link: SshLink | undefined;
    try {
      link = await connect(target);
      this.#root = new Root(link, facts);
      if (this.#stopping !== undefined) throw new Error('it was stopped before it was started');
      this.#stay = await Stay.begin(this.#root, facts, luggage);
    } catch (error) {
      if (this.#stay === undefined) link?.close();
      const kind = error instanceof KeystormError || error instanceof SshError ? 'lost-connection' : 'boot-failure';
      const why = (error as Error).message.replace(/\.$/, '');
      throw new MachineFailure(kind, `${target.host} could not be set up: ${why}.`);
    }
  }

  #connected(): Root {
    if (this.#root === undefined || this.#stay === undefined)
      throw new MachineFailure('harness-fault', 'The machine was not started.');
    return this.#root;
  }

  #lost(symptom: string): MachineFailure {
    return new MachineFailure('lost-connection', `${this.#parts.target.host}: ${symptom}`);
  }

  async #leave(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const [root, stay] = [this.#root, this.#stay];
    if (root === undefined || stay === undefined) return;
    const trouble = await stay.leave();
    root.link.close();
    // Perhaps it was the connection alone; and a keeper that lost it has put things back by itself.
    const left = trouble.length === 0 ? [] : await this.#comeBack(root);
    if (left.length === 0) return;
    const { host } = this.#parts.target;
    const message = `${host} is not as it was: ${left.join('; ')}. As root there, ${putBackByHand} tries once more.`;
    this.#failure = new MachineFailure('harness-fault', message);
    this.#parts.progress(`WARNING: ${message}`);
  }

  async #comeBack({ facts }: Root): Promise<Trouble> {
    try {
      const link = await connect(this.#parts.target);
      const trouble = await putBackAfterLoss(new Root(link, facts));
      link.close();
      return trouble;
    } catch (error) {
      return [`nobody knows whether all was put back, as it can no longer be reached (${(error as Error).message})`];
    }
  }
}
