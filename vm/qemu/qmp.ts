// SPDX-License-Identifier: MIT
/** A client of QEMU's monitor protocol (QMP): one JSON object a line, answers matched by id, events passed on. */

import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { within } from '../bounded.ts';

export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Qmp {
  readonly #stream: Duplex;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (event: QmpEvent) => void;
  #nextId = 1;
  #closed = false;
  readonly #greeted: Promise<void>;
  #greet: () => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;

  constructor(stream: Duplex, onEvent: (event: QmpEvent) => void) {
    this.#stream = stream;
    this.#onEvent = onEvent;
    this.#greeted = new Promise((resolve, reject) => {
      this.#greet = resolve;
      this.#refuse = reject;
    });
    // Whoever opens the monitor sees the rejection; without an opener it is nobody's concern.
    this.#greeted.catch(() => undefined);
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', (line) => this.#receive(line));
    // readline repeats its stream's errors; unheard they would end the harness.
    lines.on('error', () => this.#close());
    stream.on('error', () => this.#close());
    stream.on('close', () => this.#close());
    stream.on('end', () => this.#close());
  }

  /** Resolves once QEMU has set everything up and takes commands. Rejects after `ms` milliseconds or when QEMU ends. */
  async open(ms: number): Promise<void> {
    await within(this.#greeted, ms, () => new Error(`QEMU's monitor did not greet within ${ms} ms`));
    await this.execute('qmp_capabilities', ms);
  }

  /** Runs a command and returns its result; rejects after `ms` milliseconds, on an error answer, or when QEMU ends. */
  async execute(command: string, ms: number, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#closed) throw new Error('QEMU closed its monitor');
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#stream.write(
      `${JSON.stringify({ execute: command, id, ...(args === undefined ? {} : { arguments: args }) })}\n`,
    );
    try {
      return await within(answer, ms, () => new Error(`QEMU did not answer ${command} within ${ms} ms`));
    } finally {
      this.#pending.delete(id);
    }
  }

  #receive(line: string): void {
    let message: Record<string, unknown>;
    try {
      message = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return;
    }
    if ('QMP' in message) this.#greet();
    else if (typeof message.event === 'string')
      this.#onEvent({ event: message.event, data: (message.data ?? {}) as Record<string, unknown> });
    else if (typeof message.id === 'number') {
      const pending = this.#pending.get(message.id);
      if ('error' in message) pending?.reject(new Error(`QEMU refused: ${JSON.stringify(message.error)}`));
      else pending?.resolve(message.return);
    }
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new Error('QEMU closed its monitor');
    this.#refuse(error);
    for (const pending of this.#pending.values()) pending.reject(error);
  }
}
