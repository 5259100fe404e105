// SPDX-License-Identifier: MIT
/** What carries bytes between the fake guest's runner and the harness, and what can happen to them on the way. */
import { Duplex } from 'node:stream';
import { encodeFrameLine, type Frame, type FrameType } from '../../results/frames.ts';
import type { Delivered, Diary } from './diary.ts';
import type { Timers } from './timers.ts';

export type LineFault = 'corrupt-frame' | 'lost-frame' | 'repeat-frame' | 'torn-line';

/** A slow link has each line in so many pieces, so long apart: slow, and well within what the harness waits for. */
const pieces = 3;
const pieceMs = 700;

export class FakeLink {
  readonly stream: Duplex;
  #faults: { readonly how: LineFault; readonly to: FrameType | undefined }[] = [];
  #slow = false;
  /** When all that is under way will have arrived, in the time of the timers. */
  #busyUntil = 0;

  /** `onPlan` is called with what came in, once it is a whole plan. */
  constructor(
    readonly timers: Timers,
    readonly diary: Diary,
    onPlan: (text: string) => void,
  ) {
    let plan = '';
    this.stream = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        plan += chunk.toString();
        if (plan.endsWith('\nrun\n')) onPlan(plan);
        done();
      },
    });
  }

  /** Does this to the next frame, or to the next of a type. */
  harm(how: LineFault, to?: FrameType): void {
    this.#faults.push({ how, to });
  }

  slowDown(): void {
    this.#slow = true;
  }

  /** Writes a frame; false if the link did not survive that. */
  write(frame: Frame): boolean {
    const line = encodeFrameLine(frame);
    const { n, t } = frame;
    const fault = this.#faults.find(({ to }) => to === undefined || to === t);
    this.#faults = this.#faults.filter((each) => each !== fault);
    if (fault !== undefined) this.diary.happened.push(fault.how);
    switch (fault?.how) {
      case 'lost-frame':
        return true;
      case 'torn-line':
        this.#carry(line.slice(0, line.length >> 1), '', { frame: { n, t }, intact: false });
        this.end();
        return false;
      case 'corrupt-frame':
        this.#carry(garbled(line, n), '\n', { frame: { n, t }, intact: false });
        return true;
      case 'repeat-frame':
        this.#carry(line, '\n', { frame: { n, t }, intact: true });
    }
    this.#carry(line, '\n', { frame: { n, t }, intact: true });
    return true;
  }

  /** Writes a line that is no frame. */
  babble(line: string): void {
    this.#carry(line, '\n', { frame: null, intact: true });
  }

  /** Nothing more is written; what is under way arrives. */
  end(): void {
    this.#later(() => this.stream.push(null));
  }

  /** The other end is gone: what is under way is lost. */
  fail(reason: () => Error): void {
    if (!this.stream.destroyed) this.stream.destroy(reason());
  }

  #carry(text: string, terminator: string, about: Omit<Delivered, 'text'>): void {
    const size = this.#slow ? Math.ceil(text.length / pieces) : text.length;
    for (let at = 0; at < text.length; at += size) {
      const last = at + size >= text.length;
      this.#later(() => {
        if (this.stream.destroyed || this.stream.readableEnded) return;
        if (last) this.diary.delivered.push({ text, ...about });
        this.stream.push(text.slice(at, at + size) + (last ? terminator : ''));
      });
    }
  }

  /** At once, or on a slow link after all that is under way. */
  #later(action: () => void): void {
    if (!this.#slow) {
      action();
      return;
    }
    const now = this.timers.awakeMs;
    this.#busyUntil = Math.max(now, this.#busyUntil) + pieceMs;
    this.timers.after(this.#busyUntil - now, action);
  }
}

/** One bit of it flipped, at a place that differs from frame to frame. */
function garbled(line: string, n: number): string {
  const at = (n * 7_919) % line.length;
  return `${line.slice(0, at)}${String.fromCharCode(line.charCodeAt(at) ^ 1)}${line.slice(at + 1)}`;
}
