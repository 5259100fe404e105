// SPDX-License-Identifier: MIT
/** A guest in QEMU. Started by the harness, watched on its console, reached by ssh, gone when the harness is gone. */
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { settledWithin } from '../bounded.ts';
import { BoundedLog } from '../bounded-log.ts';
import { wallClock } from '../clock.ts';
import { ConsoleLines } from '../console-lines.ts';
import { classifyEnding, classifySymptom, type Ending } from '../exit-classification.ts';
import { type FailureKind, KeystormError, MachineFailure } from '../failure.ts';
import { makeFolder } from '../host/folder.ts';
import { entrust } from '../host/reaper/entrust.ts';
import { guestFolder } from '../image/initramfs.ts';
import type { PreparedGuest } from '../image/prepare.ts';
import type { Sighting } from '../kernel-log/sighting.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions, ShellResult } from '../machine.ts';
import { describeSilence, Patience } from '../patience.ts';
import type { Acceleration } from './accelerator/choose.ts';
import { qemuArguments, qemuProgram } from './arguments.ts';
import { Awake } from './awake.ts';
import { writeInitrd } from './boot-files.ts';
import { kernelCommandLine } from './cmdline.ts';
import { type BootKeys, makeBootKeys } from './keys.ts';
import { type Pinning, pinGuest, vcpuThreads } from './pinning.ts';
import { freePort } from './port.ts';
import { QemuProcess } from './process.ts';
import { Qmp } from './qmp.ts';
import { runnerChannel } from './runner-channel.ts';
import { SshLink } from './ssh.ts';

/** Bounds of every wait, in milliseconds. Generous: an emulated guest on a loaded host is slow, not dead. */
export interface QemuDeadlines {
  /** QEMU is set up and its monitor answers. */
  readonly start: number;
  /** The guest says that it is up; of the time in which it could run. */
  readonly ready: number;
  /** The guest may be silent for so long while it boots; of the same time. */
  readonly silence: number;
  /** It boots, however little it could run. */
  readonly giveUp: number;
  /** A shell command without a limit of its own. */
  readonly command: number;
  /** QEMU ends after it was asked to. */
  readonly quit: number;
  /** A lost connection turns out to be a dead guest. */
  readonly aftermath: number;
  /** A guest whose kernel said that it is dead ends by itself. It is known within a second; QEMU's end takes the rest of it. */
  readonly death: number;
}

export const standardDeadlines: QemuDeadlines = {
  start: 30_000,
  ready: 180_000,
  // Of 6 s in which a kernel boots under emulation it was never silent for more than 2.
  silence: 9_500,
  giveUp: 900_000,
  command: 120_000,
  quit: 3_000,
  aftermath: 3_000,
  death: 500,
};

/** The standard ones for a kernel that takes so many times longer for what the guest does. */
function deadlinesFor(slowness: number): QemuDeadlines {
  const { ready, silence, giveUp, command } = standardDeadlines;
  return {
    ...standardDeadlines,
    ready: ready * slowness,
    silence: silence * slowness,
    giveUp: giveUp * slowness,
    command: command * slowness,
  };
}

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
  /** Pin the virtual processors; default: under KVM only, as emulation is no faster for it. */
  readonly pin?: boolean;
}

/** What tests change of a machine. */
export type QemuMachineChange = Pick<QemuMachineParts, 'deadlines' | 'keys' | 'choosePort' | 'pin' | 'words'>;

/** Somebody else may take a free port before QEMU does. */
const portAttempts = 5;
const readyLine = 'keystorm: ready';
const failedLine = /^keystorm: failed (.*)$/;

export class QemuMachine implements Machine {
  readonly abilities: Abilities;
  readonly #guest: PreparedGuest;
  readonly #options: MachineOptions;
  readonly #version: string;
  readonly #acceleration: Acceleration;
  readonly #choosePort: () => Promise<number>;
  readonly #pin: boolean;
  readonly #words: readonly string[];
  readonly #tscKHz: number | undefined;
  readonly #deadlines: QemuDeadlines;
  readonly #keys: BootKeys;
  readonly #consoleLog: string;
  readonly #listeners = new Set<(line: string) => void>();
  #port = 0;
  #pinning: Pinning | undefined;
  #starting: Promise<void> | undefined;
  #process: QemuProcess | undefined;
  #monitor: Qmp | undefined;
  #console: ConsoleLines | undefined;
  /** What the runner and the programs that it starts write to its standard error. */
  #said: ConsoleLines | undefined;
  #awake: Awake | undefined;
  #dying: NodeJS.Timeout | undefined;
  #link: SshLink | undefined;
  #exit: Promise<MachineExit> | undefined;
  #stopping: Promise<void> | undefined;
  #told = false;
  #wasReady = false;
  #complaint: string | undefined;
  #how: Ending['how'] = 'gone';

  constructor(parts: QemuMachineParts) {
    this.#guest = parts.guest;
    this.#options = parts.options;
    this.#version = parts.version;
    this.#acceleration = parts.acceleration;
    this.#choosePort = parts.choosePort ?? freePort;
    this.#tscKHz = parts.tscKHz;
    this.#words = parts.words ?? [];
    this.#pin = parts.pin ?? parts.acceleration.accelerator === 'kvm';
    this.#deadlines = { ...deadlinesFor(parts.guest.kernel.demands?.slowness ?? 1), ...parts.deadlines };
    this.#keys = parts.keys ?? makeBootKeys();
    this.#consoleLog = path.resolve(parts.options.dir, 'console.log');
    this.abilities = {
      shell: { run: (command, options) => this.run(command, options?.timeoutMs) },
      console: {
        logFile: this.#consoleLog,
        onLine: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
      pause: { pause: () => this.#pause(), resume: () => this.#resume() },
      awake: () => this.#awake?.look() ?? 0,
      disposable: true,
    };
  }

  /** QEMU's process; undefined before `start`. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) throw new KeystormError('This machine was started before.', 3);
    this.#starting = this.#start();
    await this.#starting;
  }

  async ready(): Promise<void> {
    const { ready, silence, giveUp } = this.#deadlines;
    const { console } = this.#started();
    const patience = new Patience(wallClock, this.abilities.awake, giveUp);
    let deaf = () => {};
    const booted = new Promise<void>((resolve, reject) => {
      const listen = () => {
        if (console.tail.includes(readyLine)) resolve();
        patience.expect('word', silence, (heard) =>
          reject(
            this.#symptom('hang', `The guest said nothing on its console ${describeSilence(heard)} while it booted.`),
          ),
        );
      };
      patience.expect('boot', ready, (heard) =>
        reject(this.#symptom('timeout', `The guest booted ${describeSilence(heard)} and was not up.`)),
      );
      deaf = console.onLine(listen);
      listen();
    });
    try {
      await this.#unlessGone(booted);
    } finally {
      deaf();
      patience.stop();
    }
    this.#wasReady = true;
    await this.#connect();
  }

  async channel(): Promise<Duplex> {
    const link = this.#connected();
    try {
      const command = await link.start(`exec ${guestFolder}/ks-runner`);
      this.#said = new ConsoleLines(command.stderr);
      const log = path.join(this.#options.dir, 'runner-stderr.log');
      return runnerChannel(
        command,
        log,
        () => this.#whyLost('The connection to the runner was lost.'),
        (symptom) => this.#symptom('harness-fault', symptom),
      );
    } catch (error) {
      throw await this.#whyLost(`The runner could not be reached: ${(error as Error).message}.`);
    }
  }

  /** Runs a shell command in the guest; `input` goes to its standard input. */
  async run(command: string, timeoutMs = this.#deadlines.command, input?: Buffer): Promise<ShellResult> {
    const link = this.#connected();
    try {
      return await link.run(command, timeoutMs, input);
    } catch (error) {
      throw await this.#whyLost(`A command in the guest failed: ${(error as Error).message}.`);
    }
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
    return this.#exit ?? Promise.resolve({ failure: null, consoleTail: [] });
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
    return [usual, ...(this.#guest.kernel.demands?.cmdline ?? []), ...this.#words].join(' ');
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
      await writeInitrd(this.#initrd, this.#guest, this.#keys);
      await this.#launchOnSomePort();
      this.#awake = await this.#watchTime();
    } finally {
      // A QEMU whose monitor takes commands has loaded it.
      await rm(this.#initrd, { force: true });
      gone();
    }
    if (this.#pin && this.#monitor !== undefined) this.#pinning = await pinGuest(this.#monitor, this.#deadlines.start);
  }

  async #launchOnSomePort(): Promise<void> {
    const tried: number[] = [];
    while (tried.length < portAttempts) {
      this.#port = await this.#choosePort();
      const problem = await this.#launch();
      if (problem === undefined) return;
      if (!/host forwarding rule/.test(problem.message)) throw problem;
      tried.push(this.#port);
    }
    throw new MachineFailure(
      'harness-fault',
      `QEMU could bind none of the ports ${tried.join(', ')} of 127.0.0.1, which were free just before: see what else takes ports there (ss -tlnp), and try again.`,
    );
  }

  /** Starts QEMU once; undefined when it runs. */
  async #launch(): Promise<MachineFailure | undefined> {
    if (this.#told) return new MachineFailure('harness-fault', 'The guest was stopped before it was started.');
    const log = new BoundedLog(this.#consoleLog, 'w');
    const started = new QemuProcess(qemuProgram, this.#arguments());
    this.#process = started;
    started.console.on('data', (chunk: Buffer) => log.write(chunk));
    void started.exited.then(() => log.end());
    const console = new ConsoleLines(started.console);
    console.onLine((line) => this.#hear(line, console));
    const monitor = new Qmp(started.monitor, ({ event, data }) => {
      if (event !== 'SHUTDOWN') return;
      if (data.reason === 'guest-shutdown') this.#how = 'off';
      else if (data.reason === 'guest-reset' || data.reason === 'guest-panic') this.#how = 'reset';
    });
    try {
      await monitor.open(this.#deadlines.start);
    } catch (error) {
      await started.kill();
      const { stderr } = await started.exited;
      return new MachineFailure('harness-fault', `QEMU did not start: ${stderr || (error as Error).message}.`);
    }
    this.#monitor = monitor;
    this.#console = console;
    this.#exit = this.#watchExit(started, console);
    return undefined;
  }

  /** Where QEMU does not tell which its processors are, only pauses are known. */
  async #watchTime(): Promise<Awake> {
    const threads = await this.control('query-cpus-fast').then(vcpuThreads, () => []);
    return new Awake({ pid: this.pid ?? 0, threads, now: () => performance.now() });
  }

  async #pause(): Promise<void> {
    await this.#orFail('paused', this.control('stop'));
    this.#awake?.pause();
  }

  async #resume(): Promise<void> {
    await this.#orFail('resumed', this.control('cont'));
    this.#awake?.resume();
  }

  async #orFail(what: string, command: Promise<unknown>): Promise<void> {
    try {
      await command;
    } catch (error) {
      throw new MachineFailure('harness-fault', `The guest could not be ${what}: ${(error as Error).message}.`);
    }
  }

  #hear(line: string, { sighting }: ConsoleLines): void {
    this.#complaint ??= failedLine.exec(line)?.[1];
    // Its last words are worth a moment; that it goes by itself is not to be relied upon.
    if (sighting?.gravity === 'dead')
      this.#dying ??= setTimeout(() => void this.#process?.kill(), this.#deadlines.death);
    for (const listener of this.#listeners) listener(line);
  }

  async #watchExit(process: QemuProcess, console: ConsoleLines): Promise<MachineExit> {
    const { code, signal, stderr, survived } = await process.exited;
    this.#pinning?.release();
    clearTimeout(this.#dying);
    if (survived)
      return { failure: new MachineFailure('harness-fault', `QEMU: ${stderr}.`), consoleTail: console.tail };
    const failure = classifyEnding({
      wasReady: this.#wasReady,
      told: this.#told,
      how: this.#how,
      detail: signal !== null ? `QEMU was killed by ${signal}` : `QEMU ended with status ${code} ${stderr}`.trim(),
      sighting: console.sighting,
      complaint: this.#complaint,
      consoleTail: console.tail,
    });
    return { failure, consoleTail: console.tail, sighting: console.sighting ?? this.#explanation() };
  }

  async #connect(): Promise<void> {
    const { clientKey, hostPublic } = this.#keys;
    const target = { port: this.#port, clientKey, hostPublic };
    try {
      // Whoever uses the link notices its loss by itself: commands and channels end.
      this.#link = await SshLink.connect(target, () => undefined);
    } catch (error) {
      throw await this.#whyLost(`The guest is up but cannot be reached: ${(error as Error).message}.`);
    }
  }

  #started(): { console: ConsoleLines; exit: Promise<MachineExit> } {
    if (this.#console === undefined || this.#exit === undefined)
      throw new MachineFailure('harness-fault', 'The machine was not started.');
    return { console: this.#console, exit: this.#exit };
  }

  #connected(): SshLink {
    if (this.#link === undefined) throw new MachineFailure('harness-fault', 'The machine is not ready.');
    return this.#link;
  }

  /** `work`, unless the guest goes first: then what it died of. */
  async #unlessGone<T>(work: Promise<T>): Promise<T> {
    const gone = this.#started().exit.then(({ failure, consoleTail }): never => {
      throw failure ?? new MachineFailure('lost-connection', 'The guest was ended meanwhile.', consoleTail);
    });
    return await Promise.race([work, gone]);
  }

  /** Programs may say why they end; what they say of the kernel is not to be believed. */
  #explanation(): Sighting | undefined {
    const sighting = this.#said?.sighting;
    return sighting?.gravity === 'explains' ? sighting : undefined;
  }

  /** What is behind a broken connection. Waits a moment: the console of a dying guest speaks later than its network. */
  async #whyLost(symptom: string): Promise<MachineFailure> {
    const { exit, console } = this.#started();
    if (await settledWithin(exit, this.#deadlines.aftermath)) {
      const { failure } = await exit;
      if (failure !== null) return failure;
    }
    return classifySymptom('lost-connection', symptom, console.sighting, console.tail);
  }

  #symptom(kind: FailureKind, message: string): MachineFailure {
    const { console } = this.#started();
    return classifySymptom(kind, message, console.sighting, console.tail);
  }

  async #end(): Promise<void> {
    this.#told = true;
    if (this.#exit === undefined) {
      // Cut short while it starts; nothing that start still does may bring a guest back.
      await this.#process?.kill();
      await this.#starting?.catch(() => undefined);
    }
    if (this.#process === undefined) return;
    this.#link?.close();
    // It answers, ends, or does not: what counts is whether the process goes.
    this.#monitor?.execute('quit', this.#deadlines.quit).catch(() => undefined);
    if (!(await settledWithin(this.#process.exited, this.#deadlines.quit))) await this.#process.kill();
  }
}
