// SPDX-License-Identifier: MIT
import type { Frame } from '../../results/frames.ts';
import type { ReadUsage, Usage } from './usage.ts';

interface Silence {
  /** The latest guest time that had been heard when it began; ns. */
  readonly since: number;
  readonly used: Usage;
}

/**
 * What the harness uses while a guest is silent, as it is inside a measuring window: from the end of handling what was heard
 * last to the arrival of what is heard next. The two readings at its ends are all that is done for it; a window itself passes
 * without the harness doing anything, or knowing that it does.
 */
export class Silences {
  #began: Usage | undefined;
  #all: Silence[] = [];
  #heardUpTo = 0;

  constructor(readonly read: ReadUsage) {}

  /** Bytes have arrived. */
  broken(): void {
    if (this.#began === undefined) return;
    const { wallNs, cpuNs } = this.read();
    const used = { wallNs: wallNs - this.#began.wallNs, cpuNs: cpuNs - this.#began.cpuNs };
    this.#all.push({ since: this.#heardUpTo, used });
    this.#began = undefined;
  }

  /** They have been dealt with. */
  begins(): void {
    this.#began = this.read();
  }

  /** A frame that was among them. */
  heard(frame: Frame): void {
    if (frame.t === 'beat' || frame.t === 'cell' || frame.t === 'hello') this.#heardUpTo = frame.mono;
    if (frame.t === 'meter') this.#heardUpTo = frame.mono_after;
    if (frame.t !== 'window') return;
    this.#heardUpTo = frame.mono_end;
    this.#all = [];
  }

  /**
   * The silence in which a window began at `monoStart` of the guest's clock; undefined if there was none. Bytes come in pieces
   * of their own making, so there are short silences within what is said before the window and after it: it is the longest.
   */
  around(monoStart: number): Usage | undefined {
    const before = this.#all.filter(({ since }) => since <= monoStart);
    const latest = before.filter(({ since }) => since === before.at(-1)?.since);
    return latest.map(({ used }) => used).reduce<Usage | undefined>(longer, undefined);
  }
}

function longer(a: Usage | undefined, b: Usage): Usage {
  return a === undefined || b.wallNs > a.wallNs ? b : a;
}
