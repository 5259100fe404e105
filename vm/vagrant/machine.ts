// SPDX-License-Identifier: MIT
/**
 * A guest that Vagrant starts and ends, on a libvirt of our own. It is the same guest as in QEMU alone: the same kernel, image, words and
 * signs of life; QEMU has a second monitor, by which it is watched as there. What differs is who starts it, and its network.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { settledWithin } from '../bounded.ts';
import { BoundedLog } from '../bounded-log.ts';
import { wallClock } from '../clock.ts';
import { ConsoleLines } from '../console-lines.ts';
import { KeystormError, MachineFailure } from '../failure.ts';
import { makeFolder } from '../host/folder.ts';
import { makeNamedPipe } from '../host/pipe.ts';
import { entrust } from '../host/reaper/entrust.ts';
import { Listeners } from '../listeners.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, ShellResult } from '../machine.ts';
import type { Awake } from '../qemu/awake.ts';
import { writeInitrd } from '../qemu/boot-files.ts';
import { awaitBoot } from '../qemu/boot-wait.ts';
import { kernelCommandLine } from '../qemu/cmdline.ts';
import { watchForDeath } from '../qemu/death-watch.ts';
import { endOf, Fate } from '../qemu/fate.ts';
import { type BootKeys, makeBootKeys } from '../qemu/keys.ts';
import { pauseOf } from '../qemu/pause.ts';
import type { BootParts } from '../qemu/provider.ts';
import { demandReached, ReachedGuest, terminalsOf } from '../qemu/reached-guest.ts';
import { onlyHostKey } from '../ssh/link.ts';
import type { Box } from './boxes.ts';
import { type VagrantDeadlines, vagrantDeadlinesFor } from './deadlines.ts';
import { driverOf, type VagrantEnvironment } from './environment.ts';
import { Hypervisor } from './hypervisor.ts';
import { quietNeighbour } from './neighbour.ts';
import { arrivalEntries } from './overlay.ts';
import { relayTo } from './relay.ts';
import type { Sandbox } from './sandbox.ts';
import { type GuestSettings, monitorArguments } from './settings.ts';
import { parseSshConfig, type SshSettings } from './ssh-config.ts';
import { Vagrant, type VagrantEnd } from './vagrant.ts';

export interface VagrantMachineParts extends BootParts {
  readonly box: Box;
  readonly sandbox: Sandbox;
  /** A folder that only this boot uses, not there yet; absolute and short, as names of sockets are. */
  readonly scratch: string;
  readonly environment: VagrantEnvironment;
  readonly deadlines?: Partial<VagrantDeadlines>;
  /** Keys to use instead of fresh ones; tests use it to present the wrong host key. */
  readonly keys?: BootKeys;
  /** Words behind those of the kernel's command line; tests use it. */
  readonly words?: readonly string[];
}

/** What tests change of a machine. */
export type VagrantMachineChange = Pick<VagrantMachineParts, 'deadlines' | 'keys' | 'words'>;

/** A guest whose QEMU was set up. */
interface Running {
  readonly hypervisor: Hypervisor;
  readonly console: ConsoleLines;
  readonly fate: Fate;
  readonly exit: Promise<MachineExit>;
}

export class VagrantMachine implements Machine {
  readonly abilities: Abilities;
  readonly #parts: VagrantMachineParts;
  readonly #deadlines: VagrantDeadlines;
  readonly #keys: BootKeys;
  readonly #vagrant: Vagrant;
  readonly #consoleLog: string;
  readonly #listeners = new Listeners<string>();
  #starting: Promise<void> | undefined;
  #up: Promise<VagrantEnd> | undefined;
  #fate: Fate | undefined;
  #running: Running | undefined;
  #awake: Awake | undefined;
  #reached: ReachedGuest | undefined;
  #stopping: Promise<void> | undefined;
  #scratchGone: () => void = () => undefined;

  constructor(parts: VagrantMachineParts) {
    this.#parts = parts;
    this.#deadlines = { ...vagrantDeadlinesFor(parts.guest.kernel.demands?.slowness ?? 1), ...parts.deadlines };
    this.#keys = parts.keys ?? makeBootKeys();
    this.#vagrant = new Vagrant({
      sandbox: parts.sandbox,
      environment: { ...parts.environment(this.#file('state')), KEYSTORM_VAGRANT: this.#file('settings.json') },
      log: path.resolve(parts.options.dir, 'vagrant.log'),
    });
    this.#consoleLog = path.resolve(parts.options.dir, 'console.log');
    this.abilities = {
      shell: { run: (command, options) => this.run(command, options?.timeoutMs) },
      console: { logFile: this.#consoleLog, onLine: (listener) => this.#listeners.add(listener) },
      pause: pauseOf({ control: (command) => this.control(command), awake: () => this.#awake }),
      awake: () => this.#awake?.look() ?? 0,
      terminal: terminalsOf(() => demandReached(this.#reached)),
      disposable: true,
    };
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) throw new KeystormError('This machine was started before.', 3);
    this.#starting = this.#start();
    await this.#starting;
  }

  async ready(): Promise<void> {
    const { console, fate, exit } = this.#started();
    const { awake } = this.abilities;
    const deadlines = this.#deadlines;
    await awaitBoot({ console, fate, deadlines, clock: wallClock, awake, gone: endOf(exit) });
    await Promise.race([this.#vagrantIsUp(), endOf(exit)]);
    const settings = await this.#sshSettings();
    await quietNeighbour(this.#parts.sandbox, settings.hostname);
    this.#reached = await this.#connect(settings);
  }

  async channel(): Promise<Duplex> {
    return await demandReached(this.#reached).channel(this.#parts.options.dir);
  }

  /** Runs a shell command in the guest. */
  async run(command: string, timeoutMs?: number): Promise<ShellResult> {
    return await demandReached(this.#reached).run(command, timeoutMs);
  }

  /**
   * Has QEMU's monitor execute a command, and returns its answer; for tests.
   * @throws Error when QEMU refuses, does not answer in time, or is gone.
   */
  async control(command: string): Promise<unknown> {
    return await this.#started().hypervisor.monitor.execute(command, this.#deadlines.command);
  }

  /** Drops the connection as a broken network would; for tests. */
  drop(): void {
    demandReached(this.#reached).close();
  }

  wait(): Promise<MachineExit> {
    return this.#running?.exit ?? Promise.resolve({ failure: null, consoleTail: [] });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  describe(): MachineDescription {
    const { guest, options, version, acceleration } = this.#parts;
    const { kernel, kernelConfigHash, moduleHash, imageHash, notes } = guest;
    return {
      machine: 'vagrant',
      accelerator: acceleration.accelerator,
      smp: options.smp,
      memoryMiB: options.memoryMiB,
      clock: 'wall',
      kernel: kernel.version,
      kernelRelease: kernel.release,
      kernelConfigHash,
      moduleHash,
      imageHash,
      hypervisor: { version, args: this.#running?.hypervisor.args ?? [] },
      cmdline: this.#cmdline,
      notes: [...notes, ...acceleration.notes],
    };
  }

  get #cmdline(): string {
    const { guest, options, acceleration, tscKHz, words = [] } = this.#parts;
    const usual = kernelCommandLine(options.smp, acceleration.accelerator, tscKHz);
    return [usual, ...(guest.kernel.demands?.cmdline ?? []), ...words].join(' ');
  }

  #file(name: string): string {
    return path.join(this.#parts.scratch, name);
  }

  #settings(): GuestSettings {
    const { box, options, acceleration } = this.#parts;
    return {
      box,
      driver: driverOf(acceleration.accelerator),
      smp: options.smp,
      memoryMiB: options.memoryMiB,
      prefix: `keystorm_${path.basename(this.#parts.scratch)}_`,
      initrd: this.#file('initrd'),
      cmdline: this.#cmdline,
      key: this.#file('key'),
      console: this.#file('console'),
      qemuArguments: monitorArguments(this.#file('monitor')),
      bootSeconds: Math.round(this.#deadlines.giveUp / 1000),
    };
  }

  async #start(): Promise<void> {
    const { options, guest, scratch } = this.#parts;
    await makeFolder(options.dir);
    this.#scratchGone = entrust({ kind: 'folder', path: scratch });
    await mkdir(scratch, { mode: 0o700 });
    await writeInitrd(this.#file('initrd'), guest, [...arrivalEntries(), ...this.#keys.entries]);
    await writeFile(this.#file('key'), this.#keys.clientKey, { mode: 0o600 });
    await writeFile(this.#file('settings.json'), JSON.stringify(this.#settings()), { mode: 0o600 });
    const pipe = await makeNamedPipe(this.#file('console'));
    try {
      await this.#launch(pipe.output);
    } finally {
      // QEMU has it now, if there is one: its end will be heard.
      pipe.closeInput();
    }
  }

  /** Resolves when QEMU runs; what its guest writes comes out of `output`. */
  async #launch(output: Readable): Promise<void> {
    const log = new BoundedLog(this.#consoleLog, 'w');
    output.on('data', (chunk: Buffer) => log.write(chunk));
    // What there is to be heard of a broken pipe, its end says.
    output.on('error', () => undefined);
    const silent = new Promise<void>((resolve) => output.once('close', resolve));
    void silent.then(() => log.end());
    const console = new ConsoleLines(output);
    console.onLine((line) => this.#listeners.tell(line));
    const fate = new Fate(console);
    this.#fate = fate;
    if (this.#stopping !== undefined)
      throw new MachineFailure('harness-fault', 'The guest was stopped before it was started.');
    this.#up = this.#vagrant.run(['up', '--provider', 'libvirt'], this.#deadlines.giveUp);
    const hypervisor = await Hypervisor.find({
      sandbox: this.#parts.sandbox,
      monitorSocket: this.#file('monitor'),
      boundMs: this.#deadlines.start,
      onEvent: (event) => fate.heed(event),
      instead: this.#up.then((end) => this.#notUp(end)),
    });
    this.#awake = hypervisor.awake;
    const endWatch = watchForDeath(console, this.#deadlines.death, wallClock, () => void hypervisor.kill());
    const exit = silent.then(() => {
      endWatch();
      return fate.exit({ code: null, signal: null, stderr: 'QEMU ended', survived: false });
    });
    this.#running = { hypervisor, console, fate, exit };
  }

  #notUp({ complaint }: VagrantEnd): MachineFailure {
    const { dir } = this.#parts.options;
    const why = complaint || 'it gave no reason';
    const message = `vagrant up did not start the guest: ${why} (${path.join(dir, 'vagrant.log')} has all it said).`;
    return new MachineFailure('harness-fault', message);
  }

  /** Vagrant looks for the guest's sshd itself. */
  async #vagrantIsUp(): Promise<void> {
    const end = await this.#up;
    if (end?.code === 0) return;
    const { fate } = this.#started();
    throw fate.symptom('timeout', `The guest is up, but vagrant up failed: ${end?.complaint || 'it gave no reason'}.`);
  }

  async #sshSettings(): Promise<SshSettings> {
    const end = await this.#vagrant.run(['ssh-config'], this.#deadlines.vagrant);
    try {
      if (end.code !== 0) throw new Error(end.complaint || 'vagrant ssh-config failed');
      return parseSshConfig(end.stdout);
    } catch (error) {
      throw await this.#whyLost(`How to reach the guest cannot be told: ${(error as Error).message}.`);
    }
  }

  async #connect({ hostname, port, user, identityfile }: SshSettings): Promise<ReachedGuest> {
    const { fate, exit } = this.#started();
    const refusal = onlyHostKey(this.#keys.hostPublic, "the guest showed a host key that is not this boot's");
    const proofs = [{ privateKey: await this.#privateKey(identityfile) }];
    const through = relayTo(this.#parts.sandbox, hostname, port);
    try {
      const target = { host: hostname, port, through, user, proofs, refusal };
      return await ReachedGuest.connect(target, { fate, exit, deadlines: this.#deadlines });
    } catch (error) {
      through.destroy();
      throw error;
    }
  }

  async #privateKey(file: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw await this.#whyLost(`How to log in to the guest cannot be told: ${(error as Error).message}.`);
    }
  }

  #started(): Running {
    if (this.#running === undefined) throw new MachineFailure('harness-fault', 'The machine was not started.');
    return this.#running;
  }

  #whyLost(symptom: string): Promise<MachineFailure> {
    const { fate, exit } = this.#started();
    return fate.whyLost(symptom, exit, this.#deadlines.aftermath);
  }

  async #end(): Promise<void> {
    this.#fate?.isToEnd();
    if (this.#starting === undefined) return;
    // Cut short while it starts, or waits for a guest that will not come.
    this.#vagrant.cut();
    await this.#starting.catch(() => undefined);
    this.#reached?.close();
    await this.#endQemu();
    // Ours is the guest no more; what libvirt and Vagrant remember of it goes as well, or else with the libvirt.
    if (this.#up !== undefined) await this.#vagrant.run(['destroy', '--force'], this.#deadlines.destroy);
    await rm(this.#parts.scratch, { recursive: true, force: true });
    this.#scratchGone();
  }

  async #endQemu(): Promise<void> {
    if (this.#running === undefined) return;
    const { hypervisor, exit } = this.#running;
    // It answers, ends, or does not: what counts is whether it goes.
    hypervisor.monitor.execute('quit', this.#deadlines.quit).catch(() => undefined);
    if (await settledWithin(exit, this.#deadlines.quit)) return;
    await hypervisor.kill();
    await settledWithin(exit, this.#deadlines.quit);
  }
}
