// SPDX-License-Identifier: MIT
/**
 * What the rest of keystorm knows of a guest. `bench/` uses these interfaces only, never a backend: a serial-port guest
 * has no shell, an ssh host has no power switch, and nothing above this file may care.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from './clock.ts';
import type { MachineFailure } from './failure.ts';
import type { Sighting } from './kernel-log/sighting.ts';

/** What a machine is, in the words that decide whether two runs can be compared. */
export interface MachineDescription {
  /** As --machine names it: 'qemu', 'fake', 'ssh:HOST'. */
  readonly machine: string;
  readonly accelerator: 'tcg' | 'kvm' | 'none';
  /** The host's processor that each virtual one is pinned to; absent where they are not. */
  readonly vcpuPins?: readonly number[] | undefined;
  readonly smp: number;
  readonly memoryMiB: number;
  readonly clock: 'wall' | 'icount' | 'virtual';
  /** Package version of the kernel, e.g. '6.1.192-2'; the dimension `kernel` of every metric. */
  readonly kernel: string;
  /** uname -r the image was built for. */
  readonly kernelRelease: string;
  /** sha256 of the kernel's build configuration. */
  readonly kernelConfigHash: string;
  /** sha256 of the module's sources; the dimension `module`. */
  readonly moduleHash: string;
  /** sha256 of the guest image without keys. */
  readonly imageHash: string;
  /** The hypervisor's version and full argument list; empty where there is none. */
  readonly hypervisor: { readonly version: string; readonly args: readonly string[] };
  /** Kernel command line. */
  readonly cmdline: string;
  /** Things worth a loud word in the report, e.g. that the locked kernel was gone and a newer one was taken. */
  readonly notes: readonly string[];
}

/** How a machine ended. `failure` is null when it ended because it was told to, or powered itself off. */
export interface MachineExit {
  readonly failure: MachineFailure | null;
  /** Last lines of the console, for a message. */
  readonly consoleTail: readonly string[];
  /** The gravest thing seen on its console, where that is watched. */
  readonly sighting?: Sighting | undefined;
}

/**
 * A guest. Life: `start` once, `ready` once, then `channel`; `stop` may be called at any time, more than once, and
 * always ends in a guest that is gone. Every rejection is a `MachineFailure`. When the guest dies, pending `ready` and open
 * channels fail with the reason found on its console rather than with the symptom (a lost connection).
 */
export interface Machine {
  /** Starts the guest; resolves when its process runs, not when it has booted. Bound: startDeadlineMs of the backend. */
  start(): Promise<void>;
  /** Resolves when the guest itself has said on its console that it is up, and its runner can be reached. Bounded. */
  ready(): Promise<void>;
  /**
   * A duplex stream of bytes to a new guest runner: its stdin and stdout. Ends when the runner exits. Whoever has something to say writes it at
   * once and first: a guest that counts its instructions hears of nothing later.
   */
  channel(): Promise<Duplex>;
  /** Resolves when the guest is gone, however it went. Never rejects. */
  wait(): Promise<MachineExit>;
  /** Ends the guest: asks, then kills; bounded; idempotent. Never rejects. */
  stop(): Promise<void>;
  describe(): MachineDescription;
  /** Optional abilities; a caller asks, and reports "not available on this machine" when the answer is undefined. */
  readonly abilities: Abilities;
}

export interface Abilities {
  readonly shell?: Shell;
  readonly terminal?: Terminal;
  readonly console?: Console;
  readonly pause?: Pause;
  /**
   * Milliseconds, from an arbitrary origin, in which the guest could run: neither paused nor without a processor of the host. Grows
   * no faster than the host's time. It is looked at every few seconds; absent: the guest can always run.
   */
  readonly awake?: () => number;
  /** The guest may be crashed, filled up and thrown away. */
  readonly disposable: boolean;
}

/** Runs a command in the guest and collects its output. */
export interface Shell {
  run(command: string, options?: { readonly timeoutMs?: number }): Promise<ShellResult>;
}

export interface ShellResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell command in the guest on a terminal of its own there, for somebody who sits at one here. */
export interface Terminal {
  /** `type`: as in $TERM. Rejects with a `MachineFailure` when it cannot be started. */
  open(command: string, size: TerminalSize, type: string): Promise<TerminalSession>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalSession {
  /** What is typed goes in, what is shown comes out. */
  readonly stream: Duplex;
  resize(size: TerminalSize): void;
  /** Its exit status, 128 and more for the end by a signal. Rejects with a `MachineFailure` when the guest is lost. */
  readonly ended: Promise<number>;
}

/** Stops the guest's time, and lets it go on. Each is done when it resolves; bounded; rejects with a `MachineFailure`. */
export interface Pause {
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** The guest's console: the whole of it is a file; lines can be watched. */
export interface Console {
  readonly logFile: string;
  onLine(listener: (line: string) => void): () => void;
}

/** Where a machine may keep its files, and what varies between boots. */
export interface MachineOptions {
  /** A folder of this boot alone, inside the run folder; console.log and such are kept there. */
  readonly dir: string;
  readonly smp: number;
  readonly memoryMiB: number;
  /** Decides whatever varies between guests on purpose where nothing varies by itself; absent: 0. A whole number. */
  readonly seed?: number;
}

/** What is known of a backend's machines before anything is prepared. */
export interface ProviderAbilities {
  /** Its machines may be crashed, filled up and thrown away. Else one is somebody's, who must find it as it was. */
  readonly disposable: boolean;
  /** They run whatever kernel is asked for; else each runs its own. */
  readonly chooseKernel: boolean;
}

/** How somebody's machine is reached, and that it may be changed; for backends that make machines of their own it means nothing. */
export interface Access {
  /** The machine's name, typed once more by who allows that it is changed. */
  readonly consent?: string | undefined;
  /** The file of a private key, absolute. */
  readonly identity?: string | undefined;
  /** The file of known host keys, absolute. */
  readonly knownHosts?: string | undefined;
}

/** A backend: prepares what all its machines share (kernel, image; cached), then makes machines. */
export interface MachineProvider {
  readonly name: string;
  readonly abilities: ProviderAbilities;
  /** The time its guests live in, by which the harness then keeps its bounds; absent: the time of this world. */
  readonly clock?: Clock;
  /** How many times longer than usual its guests may take for anything, known once prepared; absent: no longer. */
  readonly slowness?: number;
  /** Fetches and builds everything a boot needs; says what it does on `progress`; a second call costs milliseconds. */
  prepare(options: PrepareOptions): Promise<void>;
  create(options: MachineOptions): Machine;
}

export interface PrepareOptions {
  /** A kernel's name, e.g. '6.1'; of no meaning to a backend whose machines run their own. */
  readonly kernel: string;
  /** The folder of a kernel's build tree, absolute: that kernel instead. */
  readonly kernelTree?: string | undefined;
  /** Kernel modules of ours as this commit of the checkout has them; absent: as the working tree has them. */
  readonly moduleCommit?: string | undefined;
  /** Of what makes no difference, how it is arranged (vm/image/arrangement.ts); absent: as usual. Of no meaning to a backend that makes no image. */
  readonly arrangement?: number | undefined;
  /** 'auto', the default: KVM where a tiny guest was seen to boot with it, else TCG. 'kvm' fails where it does not boot. */
  readonly accelerator?: 'auto' | 'tcg' | 'kvm';
  /** The guests that will be created, for which the accelerator is tried; default one virtual processor and 512 MiB. */
  readonly shape?: Pick<MachineOptions, 'smp' | 'memoryMiB'>;
  readonly access?: Access | undefined;
  /** Refuse, rather than take the newest of the series, when the locked version is gone. */
  readonly locked: boolean;
  /** Never install a package on this host. */
  readonly noInstall: boolean;
  /**
   * The guests will run on other hosts, which may share nothing with this one but what is made now: all that any of them may need is
   * made, and nothing is asked of this one's processors. No machine can be created then.
   */
  readonly elsewhere?: boolean;
  readonly progress: (line: string) => void;
}
