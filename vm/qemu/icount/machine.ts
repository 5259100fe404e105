// SPDX-License-Identifier: MIT
/**
 * A guest in QEMU whose clock counts its instructions: from the same files, seed and plan it does the same thing in every run, to the
 * nanosecond. It has neither network nor disk, and hears of nothing while its time goes on (docs/deterministic.md).
 */
import { copyFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { settledWithin, within } from '../../bounded.ts';
import type { Cache } from '../../cache.ts';
import { wallClock } from '../../clock.ts';
import { KeystormError, MachineFailure } from '../../failure.ts';
import { makeFolder } from '../../host/folder.ts';
import { makePipe } from '../../host/pipe.ts';
import { entrust } from '../../host/reaper/entrust.ts';
import { writeArchive } from '../../image/newc.ts';
import type { PreparedGuest } from '../../image/prepare.ts';
import { Listeners } from '../../listeners.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions } from '../../machine.ts';
import { runnerChannel } from '../../ssh/runner-channel.ts';
import { qemuProgram } from '../arguments.ts';
import { Awake } from '../awake.ts';
import { writeInitrd } from '../boot-files.ts';
import { awaitBoot } from '../boot-wait.ts';
import { kernelCommandLine } from '../cmdline.ts';
import { deadlinesFor, type QemuDeadlines } from '../deadlines.ts';
import { endOf } from '../fate.ts';
import { type Launch, launchQemu } from '../launch.ts';
import { vcpuThreads } from '../pinning.ts';
import type { Qmp } from '../qmp.ts';
import { type IcountSettings, icountArguments, icountTscKHz } from './arguments.ts';
import { layoutPadding, layoutWord } from './layout.ts';
import { makeMailbox, putIntoMailbox } from './mailbox.ts';
import { Migration } from './migration.ts';
import { runnerLink } from './runner-link.ts';
import { type Snapshot, Snapshots } from './snapshot.ts';
import { Standstill } from './standstill.ts';
import { FileTail } from './tail.ts';

export interface IcountMachineParts {
  readonly guest: PreparedGuest;
  readonly options: MachineOptions & { readonly seed: number };
  /** What `qemu-system-x86_64 --version` says. */
  readonly version: string;
  readonly deadlines?: Partial<QemuDeadlines>;
  /** Where guests that wait for their plan are kept; absent: each boots in full. */
  readonly cache?: Cache | undefined;
  readonly progress: (line: string) => void;
}

/** Of the kernel's command line: no driver of idleness before ours (vm/guest/module-idle), and by what the guest is reached. */
const icountWords = ['idle=halt', 'keystorm.carrier=serial'] as const;

/** A guest whose QEMU takes commands. */
interface Running {
  readonly launch: Launch;
  readonly monitor: Qmp;
  readonly awake: Awake;
}

export class IcountMachine implements Machine {
  readonly abilities: Abilities;
  readonly #parts: IcountMachineParts;
  readonly #deadlines: QemuDeadlines;
  readonly #listeners = new Listeners<string>();
  readonly #still = new Standstill();
  readonly #migration = new Migration();
  readonly #snapshots: Snapshots | undefined;
  #restored = false;
  #starting: Promise<void> | undefined;
  #launch: Launch | undefined;
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;
  #isReady = false;
  /** Of the text that was handed over last. */
  #sequence = 0;
  /** What runners before have written to the port. */
  #heard = 0;

  constructor(parts: IcountMachineParts) {
    this.#parts = parts;
    this.#deadlines = { ...deadlinesFor(icountSlowness(parts.guest)), ...parts.deadlines };
    const { cache, guest, version, options, progress } = parts;
    if (cache !== undefined) {
      const args = this.#argumentsFor(
        { kernelFile: '', initrd: '', cmdline: this.#cmdline },
        { mailbox: '', port: '' },
      );
      const behindImage = writeArchive([layoutPadding(options.seed)]);
      this.#snapshots = new Snapshots({ cache, guest, version, args, behindImage, progress });
    }
    this.abilities = {
      console: { logFile: this.#file('console.log'), onLine: (listener) => this.#listeners.add(listener) },
      awake: () => this.#running?.awake.look() ?? 0,
      disposable: true,
    };
  }

  /** QEMU's process; undefined before `start`. */
  get pid(): number | undefined {
    return this.#launch?.process.pid;
  }

  async start(): Promise<void> {
    if (this.#starting !== undefined) throw new KeystormError('This machine was started before.', 3);
    this.#starting = this.#start();
    await this.#starting;
  }

  async ready(): Promise<void> {
    const { launch, awake } = this.#started();
    const { console, fate } = launch;
    const gone = endOf(launch.exit);
    gone.catch(() => undefined);
    await awaitBoot({
      ...{ console, fate, gone, deadlines: this.#deadlines, clock: wallClock },
      awake: () => awake.look(),
    });
    await this.#stood(gone);
    if (!this.#restored) await this.#goOnAsKept();
    this.#isReady = true;
  }

  async channel(): Promise<Duplex> {
    const { launch } = this.#started();
    if (!this.#isReady) throw new MachineFailure('harness-fault', 'The machine is not ready.');
    await this.#stood(endOf(launch.exit));
    const output = new FileTail(this.#file('port'), this.#heard);
    const command = runnerLink({
      console: launch.console,
      output,
      hand: (text) => this.#hand(text),
      gone: launch.exit,
    });
    output.once('close', () => {
      this.#heard = output.offset;
    });
    return runnerChannel(
      command,
      this.#file('runner-stderr.log'),
      () => this.#whyLost('The runner was lost.'),
      (symptom) => launch.fate.symptom('harness-fault', symptom),
    );
  }

  wait(): Promise<MachineExit> {
    return this.#launch?.exit ?? Promise.resolve({ failure: null, consoleTail: [] });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  describe(): MachineDescription {
    const { guest, options, version } = this.#parts;
    const { kernel, kernelConfigHash, moduleHash, imageHash, notes } = guest;
    return {
      ...{ machine: 'qemu', accelerator: 'tcg', smp: 1, memoryMiB: options.memoryMiB, clock: 'icount' },
      ...{ kernel: kernel.version, kernelRelease: kernel.release },
      ...{ kernelConfigHash, moduleHash, imageHash, notes },
      hypervisor: { version, args: [qemuProgram, ...this.#arguments()] },
      cmdline: this.#cmdline,
    };
  }

  get #cmdline(): string {
    const { guest, options } = this.#parts;
    const usual = kernelCommandLine(1, 'tcg', icountTscKHz);
    const more = guest.kernel.demands?.cmdline ?? [];
    return [usual, ...more, ...icountWords, layoutWord(options.seed)].join(' ');
  }

  /** As it is booted, also where it is restored: what it is follows from that. */
  #arguments(): string[] {
    const { kernelFile } = this.#parts.guest;
    return this.#argumentsFor({ kernelFile, initrd: this.#file('initrd'), cmdline: this.#cmdline });
  }

  #argumentsFor(
    boot: IcountSettings['boot'],
    files: Pick<IcountSettings, 'mailbox' | 'port'> = { mailbox: this.#file('mailbox'), port: this.#file('port') },
  ): string[] {
    const { memoryMiB, seed } = this.#parts.options;
    return icountArguments({ boot, memoryMiB, seed, ...files });
  }

  #file(name: string): string {
    return path.resolve(this.#parts.options.dir, name);
  }

  async #start(): Promise<void> {
    const { guest, options } = this.#parts;
    await makeFolder(options.dir);
    makeMailbox(this.#file('mailbox'));
    const snapshot = this.#snapshots?.find();
    if (snapshot !== undefined) {
      await this.#restore(snapshot);
      return;
    }
    const initrd = this.#file('initrd');
    const gone = entrust({ kind: 'file', path: initrd });
    try {
      await writeInitrd(initrd, guest, [layoutPadding(options.seed)]);
      await this.#begin(this.#arguments());
    } finally {
      // A QEMU whose monitor takes commands has loaded it.
      await rm(initrd, { force: true });
      gone();
    }
  }

  async #restore({ state, console }: Snapshot): Promise<void> {
    this.#restored = true;
    await copyFile(console, this.#file('console.log'));
    await this.#begin(this.#argumentsFor(undefined));
    const { launch, monitor } = this.#started();
    await this.#migration.restore(monitor, state, this.#deadlines.start);
    launch.fate.wasUp();
    this.#still.begin();
  }

  /**
   * Keeps the guest, and goes on with what was kept in another QEMU: one that has booted counts otherwise than one that was restored, and
   * whoever makes the snapshot is to say what all who come later will.
   */
  async #goOnAsKept(): Promise<void> {
    const { launch, monitor } = this.#started();
    const save = (file: string) => this.#migration.save(monitor, file, this.#deadlines.start);
    await this.#snapshots?.keep(save, this.#file('console.log'));
    const snapshot = this.#snapshots?.find();
    if (snapshot === undefined) return;
    launch.fate.isToEnd();
    monitor.execute('quit', this.#deadlines.quit).catch(() => undefined);
    if (!(await settledWithin(launch.exit, this.#deadlines.quit))) await launch.process.kill();
    await this.#restore(snapshot);
  }

  async #begin(args: readonly string[]): Promise<void> {
    const pipe = await makePipe();
    if (this.#stopping !== undefined) {
      pipe.closeInput();
      pipe.output.destroy();
      throw new MachineFailure('harness-fault', 'The guest was stopped before it was started.');
    }
    const launch = launchQemu({
      ...{ args, pipe, consoleLog: this.#file('console.log'), goesOn: this.#restored, deadlines: this.#deadlines },
      onLine: (line) => this.#listeners.tell(line),
      onEvent: (event) => {
        this.#still.heed(event);
        this.#migration.heed(event);
      },
    });
    this.#launch = launch;
    const monitor = await launch.monitor;
    const threads = await monitor.execute('query-cpus-fast', this.#deadlines.start).then(vcpuThreads, () => []);
    const awake = new Awake({ pid: launch.process.pid ?? 0, threads, now: () => performance.now() });
    this.#running = { launch, monitor, awake };
  }

  /** Waits until the guest has stopped its own time. */
  async #stood(gone: Promise<never>): Promise<void> {
    const { fate } = this.#started().launch;
    gone.catch(() => undefined);
    const still = within(this.#still.reached(), this.#deadlines.start, () =>
      fate.symptom('hang', 'The guest is up and does not stop its time to be given a plan.'),
    );
    await Promise.race([still, gone]);
  }

  async #hand(text: Buffer): Promise<void> {
    const { monitor } = this.#started();
    putIntoMailbox(this.#file('mailbox'), ++this.#sequence, text);
    await monitor.execute('cont', this.#deadlines.start);
  }

  #started(): Running {
    if (this.#running === undefined) throw new MachineFailure('harness-fault', 'The machine was not started.');
    return this.#running;
  }

  #whyLost(symptom: string): Promise<MachineFailure> {
    const { fate, exit } = this.#started().launch;
    return fate.whyLost(symptom, exit, this.#deadlines.aftermath);
  }

  async #end(): Promise<void> {
    this.#launch?.fate.isToEnd();
    if (this.#running === undefined) {
      // Cut short while it starts; nothing that start still does may bring a guest back.
      await this.#launch?.process.kill();
      await this.#starting?.catch(() => undefined);
    }
    const launch = this.#launch;
    if (launch !== undefined) {
      this.#running?.monitor.execute('quit', this.#deadlines.quit).catch(() => undefined);
      if (!(await settledWithin(launch.exit, this.#deadlines.quit))) await launch.process.kill();
    }
    // What was in them is in the run's records.
    await Promise.all(['port', 'mailbox'].map((name) => rm(this.#file(name), { force: true })));
  }
}

/** How many times longer than usual such a guest may take: emulated instruction by instruction, at one for each nanosecond of its time. */
export function icountSlowness({ kernel }: PreparedGuest): number {
  return 20 * (kernel.demands?.slowness ?? 1);
}
