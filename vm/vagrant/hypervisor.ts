// SPDX-License-Identifier: MIT
/** The QEMU that libvirt runs for us, by a monitor of our own and by /proc, where its processes have the numbers of its namespace. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MachineFailure } from '../failure.ts';
import { attempt } from '../host/command.ts';
import { Awake } from '../qemu/awake.ts';
import { vcpuThreads } from '../qemu/pinning.ts';
import { Qmp, type QmpEvent } from '../qemu/qmp.ts';
import type { Sandbox } from './sandbox.ts';

export interface HypervisorSearch {
  readonly sandbox: Sandbox;
  /** Where it will listen. */
  readonly monitorSocket: string;
  /** How long it may take to be there. */
  readonly boundMs: number;
  readonly onEvent: (event: QmpEvent) => void;
  /** Resolves with the reason when nobody will start one any more. */
  readonly instead: Promise<MachineFailure>;
}

const lookEveryMs = 100;
const monitorBoundMs = 30_000;

export class Hypervisor {
  readonly monitor: Qmp;
  /** In how much of the host's time the guest could run. */
  readonly awake: Awake;
  /** Its program and arguments, as libvirt put them together. */
  readonly args: readonly string[];
  readonly #sandbox: Sandbox;
  readonly #pid: number;

  private constructor(sandbox: Sandbox, monitor: Qmp, pid: number, threads: readonly number[]) {
    this.#sandbox = sandbox;
    this.monitor = monitor;
    this.#pid = pid;
    const read = (file: string) => sandbox.readProc(file);
    this.args = (read(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1);
    this.awake = new Awake({ pid, threads, now: () => performance.now(), read });
  }

  /** Resolves when there is one and it takes commands. Rejects with a MachineFailure. */
  static async find({ sandbox, monitorSocket, boundMs, onEvent, instead }: HypervisorSearch): Promise<Hypervisor> {
    const socket = await connected(monitorSocket, boundMs, instead);
    const monitor = new Qmp(socket, onEvent);
    try {
      await monitor.open(monitorBoundMs);
      const threads = vcpuThreads(await monitor.execute('query-cpus-fast', monitorBoundMs));
      return new Hypervisor(sandbox, monitor, processOf(sandbox, threads[0] ?? 0), threads);
    } catch (error) {
      throw new MachineFailure('harness-fault', `QEMU did not start: ${(error as Error).message}.`);
    }
  }

  /** SIGKILL; resolves when it was sent. Never rejects. */
  async kill(): Promise<void> {
    await attempt(...this.#sandbox.entering('kill', ['-KILL', String(this.#pid)])).catch(() => undefined);
  }
}

/** The process of a thread. */
function processOf(sandbox: Sandbox, thread: number): number {
  const id = /^Tgid:\s*(\d+)$/m.exec(sandbox.readProc(`/proc/${thread}/status`) ?? '')?.[1];
  if (id === undefined) throw new Error(`its thread ${thread} is not to be found`);
  return Number(id);
}

async function connected(file: string, boundMs: number, instead: Promise<MachineFailure>): Promise<Socket> {
  let failure: MachineFailure | undefined;
  void instead.then((reason) => {
    failure = reason;
  });
  for (const until = performance.now() + boundMs; performance.now() < until; await sleep(lookEveryMs)) {
    const socket = await tried(file);
    if (socket !== undefined) return socket;
    if (failure !== undefined) throw failure;
  }
  throw new MachineFailure('harness-fault', `Vagrant has started no QEMU within ${Math.round(boundMs / 1000)} s.`);
}

function tried(file: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(file);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}
