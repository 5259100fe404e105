// SPDX-License-Identifier: MIT
import type { Duplex } from 'node:stream';
import { decodeFrameLine, type Frame, type FrameOf, looksLikeFrame } from '../../results/frames.ts';
import type { CellPlan, Plan } from '../../results/plan.ts';
import type { RunWriter } from '../../results/run-writer.ts';
import { MachineFailure } from '../../vm/failure.ts';
import { plainText } from '../report/plain-text.ts';
import { maxStrayLength, maxStrayLines } from './bounds.ts';
import { Lines } from './lines.ts';
import type { RunListener } from './listener.ts';
import { kindOfError } from './runner-error.ts';
import { Silences } from './silences.ts';
import type { ReadUsage } from './usage.ts';
import type { VitalSigns } from './vital-signs.ts';

export interface ConversationParts {
  readonly plan: Plan;
  readonly boot: number;
  readonly channel: Duplex;
  readonly writer: RunWriter;
  readonly listener: RunListener;
  readonly signs: VitalSigns;
  /** What the harness uses of the host; absent: it is not recorded. */
  readonly usage?: ReadUsage | undefined;
}

/**
 * The exchange with one guest's runner: the plan goes in, every line that comes out is stored as it comes. Everything is
 * done while the bytes are at hand, nothing is queued: what was heard was also kept.
 */
export class Conversation {
  readonly #lines = new Lines((line) => this.#line(line));
  readonly #silences: Silences | undefined;
  #due = 0;
  #strays = 0;
  /** The cell at hand: its last request may wait for the module's timeout. */
  #cell: CellPlan | undefined;
  #damage: string | undefined;
  #settled = false;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(readonly parts: ConversationParts) {
    this.#silences = parts.usage === undefined ? undefined : new Silences(parts.usage);
  }

  /**
   * Resolves when the runner said its last word and every frame before it arrived whole.
   * @throws MachineFailure, or whatever the writer threw.
   */
  hold(guestPlan: string): Promise<void> {
    const { channel } = this.parts;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      channel.on('error', (error) => this.fail(error));
      channel.on('data', (chunk: Buffer) => {
        this.#silences?.broken();
        this.#guard(() => this.#lines.feed(chunk));
        this.#silences?.begins();
      });
      channel.on('end', () => this.#guard(() => this.#end()));
      channel.write(guestPlan);
    });
  }

  /** Ends it with a failure. What arrives afterwards is not looked at. */
  fail(error: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    this.parts.signs.stop();
    this.#reject(error);
  }

  #guard(action: () => void): void {
    if (this.#settled) return;
    try {
      action();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #line(line: string): void {
    if (this.#settled) return;
    const { boot, writer, signs } = this.parts;
    signs.heartbeat();
    if (!looksLikeFrame(line)) {
      if (line !== '' && this.#strays++ < maxStrayLines) writer.append({ kind: 'stray', boot, text: kept(line) });
      return;
    }
    const decoded = decodeFrameLine(line);
    if (decoded.ok) {
      this.#frame(decoded.frame);
      return;
    }
    // The first is always kept: it makes the boot a damaged one for every later reader.
    if (this.#damage === undefined || this.#strays++ < maxStrayLines) {
      writer.append({ kind: 'bad-frame', boot, text: kept(line), reason: decoded.reason });
    }
    this.#damaged(`a line was no valid frame (${plainText(decoded.reason)})`);
    this.#due++;
  }

  #frame(frame: Frame): void {
    const { boot, writer, listener, signs } = this.parts;
    if (frame.n !== this.#due) this.#damaged(`frame ${frame.n} (${frame.t}) came where ${this.#due} was due`);
    this.#due = frame.n + 1;
    if (frame.t === 'window') this.#recordUsage(frame);
    this.#silences?.heard(frame);
    writer.append({ kind: 'frame', boot, frame });
    // A killed harness then loses at most the open window, and so does a host without power.
    if (frame.t === 'window' || frame.t === 'done') writer.sync();
    if (frame.t !== 'beat') {
      const cell = this.#cellOf(frame) ?? this.#cell;
      this.#cell = cell;
      signs.progress(describeFrame(frame), (cell?.timeoutMs ?? 0) + this.#checkAfter(frame));
    }
    listener.frame(boot, frame);
    if (frame.t === 'error') {
      const message = `The runner in the guest gave up in ${plainText(frame.where)}: ${plainText(frame.message)}.`;
      this.fail(new MachineFailure(kindOfError(frame.message), message));
    }
    if (frame.t === 'done') this.#done();
  }

  /** Once for each window, before the first of its frames. */
  #recordUsage({ cell, index, mono_start }: FrameOf<'window'>): void {
    const used = this.#silences?.around(mono_start);
    if (used !== undefined) this.parts.writer.append({ kind: 'harness', boot: this.parts.boot, cell, index, ...used });
  }

  /** The damage is remembered, and the rest of the boot is still worth having. */
  #damaged(what: string): void {
    this.#damage ??= what;
  }

  #done(): void {
    if (this.#damage !== undefined) {
      this.fail(new MachineFailure('lost-connection', `Frames were lost or garbled on the way: ${this.#damage}.`));
      return;
    }
    this.#settled = true;
    this.parts.signs.stop();
    this.#resolve();
  }

  #end(): void {
    this.#lines.end();
    const before = this.#damage === undefined ? '' : ` (before that, ${this.#damage})`;
    this.fail(new MachineFailure('lost-connection', `The runner's output ended before its last word${before}.`));
  }

  /** A block of checks does not say when it begins: after any of these frames one may be under way. */
  #checkAfter(frame: Frame): number {
    const between = frame.t === 'kmsg' || frame.t === 'floor' || frame.t === 'hello' || frame.t === 'check';
    return between && this.parts.plan.checks.length > 0 ? this.parts.signs.bounds.checkMs : 0;
  }

  /** The cell that a frame is about, if it is about one. */
  #cellOf(frame: Frame): CellPlan | undefined {
    const id = 'cell' in frame ? frame.cell : frame.t === 'cell' ? frame.id : undefined;
    return this.parts.plan.cells.find((cell) => cell.id === id);
  }
}

function kept(line: string): string {
  return line.length > maxStrayLength ? `${line.slice(0, maxStrayLength)}…` : line;
}

/** What the runner is doing once it has written the frame, to complete "while …". */
function describeFrame(frame: Frame): string {
  switch (frame.t) {
    case 'hello':
      return 'measuring its first floor';
    case 'floor':
      return `working on what follows floor ${frame.name}`;
    case 'cell':
      return `working on cell ${frame.id}`;
    case 'agent':
      return `working on cell ${frame.cell} with its agents up`;
    case 'meter':
    case 'window':
    case 'samples':
    case 'stages':
    case 'fault':
      return `working on cell ${frame.cell} after window ${frame.index}`;
    case 'check':
    case 'check-fault':
      return `working on checks ${frame.cell} after ${frame.check}`;
    case 'counters':
    case 'keys':
      return `closing cell ${frame.cell}`;
    default:
      return `working on what follows its ${frame.t} frame`;
  }
}
