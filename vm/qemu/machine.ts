// SPDX-License-Identifier: MIT
/** A guest in QEMU: started by the harness, reached by ssh, gone when the harness is gone. What watches it meanwhile is beside it. */
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { settledWithin } from '../bounded.ts';
import { wallClock } from '../clock.ts';
import type { ConsoleLines } from '../console-lines.ts';
import { KeystormError, MachineFailure } from '../failure.ts';
import { makeFolder } from '../host/folder.ts';
import { makePipe } from '../host/pipe.ts';
import { entrust } from '../host/reaper/entrust.ts';
import type { PreparedGuest } from '../image/prepare.ts';
import { Listeners } from '../listeners.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions, ShellResult } from '../machine.ts';
import { onlyHostKey, type SshTarget } from '../ssh/link.ts';
import type { Acceleration } from './accelerator/choose.ts';
import { qemuArguments, qemuProgram } from './arguments.ts';
import { Awake } from './awake.ts';
import { writeInitrd } from './boot-files.ts';
import { awaitBoot } from './boot-wait.ts';
import { kernelCommandLine } from './cmdline.ts';
import { deadlinesFor, type QemuDeadlines } from './deadlines.ts';
import { endOf, type Fate } from './fate.ts';
import { type BootKeys, makeBootKeys } from './keys.ts';
import { launchQemu } from './launch.ts';
import { pauseOf } from './pause.ts';
import { type Pinning, pinGuest, vcpuThreads } from './pinning.ts';
import { freePort, onSomePort } from './port.ts';
import type { QemuProcess } from './process.ts';
import type { Qmp } from './qmp.ts';
import { demandReached, ReachedGuest, terminalsOf } from './reached-guest.ts';

export interface QemuMachineParts {
  readonly guest: PreparedGuest;
  readonly options: MachineOptions;
  /** What `qemu-system-x86_64 --version` says. */
  readonly version: string;
  readonly acceleration: Acceleration;
  /** How often the host's time stamp counter ticks; absent: the guest finds out, as well as it can. */
  readonly tscKHz?: number | undefined;
  readonly deadlines?: Partial<QemuDeadlines>;
  /** Keys to use instead of fresh ones; tests use it to present the wrong host key. */
  readonly keys?: BootKeys;
  /** Where to get a port of 127.0.0.1 from; tests use it to offer taken ones. */
  readonly choosePort?: () => Promise<number>;
  /** Words behind those of the kernel's command line; tests use it to have a guest that cannot boot, or does not end. */
  readonly words?: readonly string[];
  /** Words of the usual command line to leave out; tests use it to have a guest that is nobody's to throw away. */
  readonly without?: readonly string[];
  /** Pin the virtual processors; default: under KVM only, as emulation is no faster for it. */
  readonly pin?: boolean;
}

/** What tests change of a machine. */
export type QemuMachineChange = Pick<
  QemuMachineParts,
  'deadlines' | 'keys' | 'choosePort' | 'pin' | 'words' | 'without'
>;

/** A guest whose QEMU was set up. */
interface Running {
  readonly console: ConsoleLines;
  readonly fate: Fate;
  readonly exit: Promise<MachineExit>;
}

export class QemuMachine implements Machine {
  readonly abilities: Abilities;
  readonly #guest: PreparedGuest;
  readonly #options: MachineOptions;
  readonly #version: string;
  readonly #acceleration: Acceleration;
  readonly #choosePort: () => Promise<number>;
  readonly #pin: boolean;
  readonly #words: readonly string[];
  readonly #without: readonly string[];
  readonly #tscKHz: number | undefined;
  readonly #deadlines: QemuDeadlines;
  readonly #keys: BootKeys;
  readonly #consoleLog: string;
  readonly #listeners = new Listeners<string>();
  #port = 0;
  #pinning: Pinning | undefined;
  #starting: Promise<void> | undefined;
  #process: QemuProcess | undefined;
  #monitor: Qmp | undefined;
  #fate: Fate | undefined;
  #running: Running | undefined;
  #awake: Awake | undefined;
  #reached: ReachedGuest | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: QemuMachineParts) {
    this.#guest = parts.guest;
    this.#options = parts.options;
    this.#version = parts.version;
    this.#acceleration = parts.acceleration;
    this.#choosePort = parts.choosePort ?? freePort;
    this.#tscKHz = parts.tscKHz;
    this.#words = parts.words ?? [];
    this.#without = parts.without ?? [];
    this.#pin = parts.pin ?? parts.acceleration.accelerator === 'kvm';
    this.#deadlines = { ...deadlinesFor(parts.guest.kernel.demands?.slowness ?? 1), ...parts.deadlines };
    this.#keys = parts.keys ?? makeBootKeys();
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

  /** QEMU's process; undefined before `start`. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** How its sshd is reached, once it is ready. */
  get address(): SshTarget {
    const { clientKey, hostPublic } = this.#keys;
    const refusal = onlyHostKey(hostPublic, "the guest showed a host key that is not this boot's");
    return { host: '127.0.0.1', port: this.#port, user: 'root', proofs: [{ privateKey: clientKey }], refusal };
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) throw new KeystormError('This machine was started before.', 3);
    this.#starting = this.#start();
    await this.#starting;
  }

  async ready(): Promise<void> {
    const { console, fate, exit } = this.#started();
    const { awake } = this.abilities;
    await awaitBoot({ console, fate, deadlines: this.#deadlines, clock: wallClock, awake, gone: endOf(exit) });
    this.#reached = await ReachedGuest.connect(this.address, { fate, exit, deadlines: this.#deadlines });
  }

  async channel(): Promise<Duplex> {
    return await demandReached(this.#reached).channel(this.#options.dir);
  }

  /** Runs a shell command in the guest; `input` goes to its standard input. */
  async run(command: string, timeoutMs?: number, input?: Buffer): Promise<ShellResult> {
    return await demandReached(this.#reached).run(command, timeoutMs, input);
  }

  /**
   * Has QEMU's monitor execute a command, and returns its answer; for tests and for who breaks guests on purpose.
   * @throws Error when QEMU refuses, does not answer in time, or is gone.
   */
  async control(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#monitor === undefined) throw new MachineFailure('harness-fault', 'The machine was not started.');
    return await this.#monitor.execute(command, this.#deadlines.start, args);
  }

  wait(): Promise<MachineExit> {
    return this.#running?.exit ?? Promise.resolve({ failure: null, consoleTail: [] });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  describe(): MachineDescription {
    const { kernel, kernelConfigHash, moduleHash, imageHash, notes } = this.#guest;
    return {
      machine: 'qemu',
      accelerator: this.#acceleration.accelerator,
      vcpuPins: this.#pinning?.pins,
      smp: this.#options.smp,
      memoryMiB: this.#options.memoryMiB,
      clock: 'wall',
      kernel: kernel.version,
      kernelRelease: kernel.release,
      kernelConfigHash,
      moduleHash,
      imageHash,
      hypervisor: { version: this.#version, args: [qemuProgram, ...this.#arguments()] },
      cmdline: this.#cmdline,
      notes: [
        ...notes,
        ...this.#acceleration.notes,
        ...(this.#pinning?.note === undefined ? [] : [this.#pinning.note]),
      ],
    };
  }

  get #initrd(): string {
    return path.resolve(this.#options.dir, 'initrd-with-keys');
  }

  get #cmdline(): string {
    const usual = kernelCommandLine(this.#options.smp, this.#acceleration.accelerator, this.#tscKHz);
    const kept = usual.split(' ').filter((word) => !this.#without.includes(word));
    return [...kept, ...(this.#guest.kernel.demands?.cmdline ?? []), ...this.#words].join(' ');
  }

  #arguments(): string[] {
    const { smp, memoryMiB } = this.#options;
    const { accelerator } = this.#acceleration;
    const files = { kernelFile: this.#guest.kernelFile, initrd: this.#initrd };
    return qemuArguments({ ...files, cmdline: this.#cmdline, smp, memoryMiB, accelerator, sshPort: this.#port });
  }

  async #start(): Promise<void> {
    await makeFolder(this.#options.dir);
    const gone = entrust({ kind: 'file', path: this.#initrd });
    try {
      await writeInitrd(this.#initrd, this.#guest, this.#keys.entries);
      await onSomePort(this.#choosePort, (port) => this.#launch(port));
      this.#awake = await this.#watchTime();
    } finally {
      // A QEMU whose monitor takes commands has loaded it.
      await rm(this.#initrd, { force: true });
      gone();
    }
    if (this.#pin && this.#monitor !== undefined) this.#pinning = await pinGuest(this.#monitor, this.#deadlines.start);
  }

  /** Starts QEMU once; undefined when it runs, else what it failed of. */
  async #launch(port: number): Promise<MachineFailure | undefined> {
    this.#port = port;
    const pipe = await makePipe();
    if (this.#stopping !== undefined) {
      pipe.closeInput();
      pipe.output.destroy();
      return new MachineFailure('harness-fault', 'The guest was stopped before it was started.');
    }
    const { process, console, fate, monitor, exit } = launchQemu({
      ...{ args: this.#arguments(), pipe, consoleLog: this.#consoleLog, deadlines: this.#deadlines },
      onLine: (line) => this.#listeners.tell(line),
    });
    this.#process = process;
    this.#fate = fate;
    try {
      this.#monitor = await monitor;
    } catch (error) {
      if (error instanceof MachineFailure) return error;
      throw error;
    }
    const released = exit.then((end) => {
      this.#pinning?.release();
      return end;
    });
    this.#running = { console, fate, exit: released };
    return undefined;
  }

  /** Where QEMU does not tell which its processors are, only pauses are known. */
  async #watchTime(): Promise<Awake> {
    const threads = await this.control('query-cpus-fast').then(vcpuThreads, () => []);
    return new Awake({ pid: this.pid ?? 0, threads, now: () => performance.now() });
  }

  #started(): Running {
    if (this.#running === undefined) throw new MachineFailure('harness-fault', 'The machine was not started.');
    return this.#running;
  }

  async #end(): Promise<void> {
    this.#fate?.isToEnd();
    if (this.#running === undefined) {
      // Cut short while it starts; nothing that start still does may bring a guest back.
      await this.#process?.kill();
      await this.#starting?.catch(() => undefined);
    }
    if (this.#process === undefined) return;
    this.#reached?.close();
    // It answers, ends, or does not: what counts is whether the process goes.
    this.#monitor?.execute('quit', this.#deadlines.quit).catch(() => undefined);
    if (!(await settledWithin(this.#process.exited, this.#deadlines.quit))) await this.#process.kill();
  }
}
