// SPDX-License-Identifier: MIT
/**
 * Breaks the guests of a run as they were ordered to be broken, and notes when it did and when the harness said so. It does what
 * somebody at the host or in the guest could do, and nothing to the harness. The one place above a backend that knows which it is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from '../../../results/frames.ts';
import { sight } from '../../../vm/kernel-log/sighting.ts';
import type { Machine, MachineOptions, MachineProvider, PrepareOptions } from '../../../vm/machine.ts';
import type { QemuMachine } from '../../../vm/qemu/machine.ts';
import type { QemuProvider } from '../../../vm/qemu/provider.ts';
import type { RunListener } from '../../run/listener.ts';
import type { Order } from './draw.ts';
import type { Moment } from './failure-class.ts';

/** What happened to one boot; ms of the host's monotonic clock. */
export interface Deed {
  beganAt: number;
  /** When the guest was broken; undefined: it ended before its moment came. */
  injectedAt?: number;
  /** What the command said that was to break it, where it failed; a guest that breaks need not answer. */
  trouble?: string | undefined;
  /** When its console said that it is dead. */
  deathAt?: number;
  /** When the harness said that it failed. */
  failedAt?: number;
  endedAt?: number;
}

const lookMs = 20;

export class Saboteur implements MachineProvider, RunListener {
  readonly name: string;
  readonly abilities: MachineProvider['abilities'];
  readonly deeds: Deed[] = [];
  #machine: QemuMachine | undefined;
  #onEnd: (boot: number) => void = () => {};

  constructor(
    readonly inner: QemuProvider,
    readonly orders: readonly Order[],
    onEnd: (boot: number) => void,
  ) {
    this.name = inner.name;
    this.abilities = inner.abilities;
    this.#onEnd = onEnd;
  }

  prepare(options: PrepareOptions): Promise<void> {
    return this.inner.prepare(options);
  }

  create(options: MachineOptions): Machine {
    const boot = this.deeds.length;
    const order = this.orders[boot] as Order;
    const deed: Deed = { beganAt: performance.now() };
    const machine = this.inner.create(options, order.variant.change?.());
    machine.abilities.console?.onLine((line) => {
      if (sight(line)?.gravity === 'dead') deed.deathAt ??= performance.now();
    });
    this.deeds.push(deed);
    this.#machine = machine;
    if (order.moment === null) deed.injectedAt = deed.beganAt;
    if (order.moment === 'boot') void this.#runs(machine, deed).then(() => this.#comes('boot', boot));
    return machine;
  }

  runStarts(): void {}
  bootStarts(): void {}
  note(): void {}

  guestIsUp(boot: number): void {
    this.#comes('start', boot);
  }

  frame(boot: number, frame: Frame): void {
    const cell = `c${this.orders[boot]?.cell}`;
    if (frame.t === 'agent' && frame.cell === cell && !frame.restart) this.#comes('window', boot);
    if (frame.t === 'counters' && frame.cell === 'c0') this.#comes('between', boot);
  }

  failure(boot: number): void {
    const deed = this.deeds[boot];
    if (deed !== undefined) deed.failedAt = performance.now();
  }

  bootEnds(boot: number): void {
    const deed = this.deeds[boot];
    if (deed !== undefined) deed.endedAt = performance.now();
    this.#onEnd(boot);
  }

  /** Resolves when QEMU takes commands, or never will. */
  async #runs(machine: QemuMachine, deed: Deed): Promise<void> {
    const asks = () =>
      machine.control('query-status').then(
        () => true,
        () => false,
      );
    while (deed.endedAt === undefined && !(await asks())) await sleep(lookMs);
  }

  /** Breaks the guest if this is its moment. */
  #comes(moment: Moment, boot: number): void {
    const [order, deed, machine] = [this.orders[boot], this.deeds[boot], this.#machine];
    if (order?.moment !== moment || deed === undefined || machine === undefined) return;
    void sleep(order.delayMs).then(async () => {
      if (deed.endedAt !== undefined || deed.failedAt !== undefined || deed.injectedAt !== undefined) return;
      await order.variant.prepare?.(machine).catch(() => undefined);
      deed.injectedAt = performance.now();
      deed.trouble = await order.variant.inject?.(machine).then(
        (result) => (result === undefined || result.code === 0 ? undefined : `status ${result.code}: ${result.stderr}`),
        (error: unknown) => String(error),
      );
    });
  }
}
