// SPDX-License-Identifier: MIT
import type { Clock } from '../../vm/clock.ts';
import { MachineFailure } from '../../vm/failure.ts';
import type { Console } from '../../vm/machine.ts';
import { plainText } from '../report/plain-text.ts';
import type { Bounds } from './bounds.ts';

const tailLines = 20;

/**
 * Three separate signs of life of a guest that works: its heart beats (any line of its runner), it makes progress (a frame
 * other than a heartbeat), and its console. The first two have bounds; the console may rightly be silent for ever, and
 * tells a guest that is dead from one that only its runner is lost in. (A console that shows a crash ends the
 * machine itself, which is noticed there.)
 */
export class VitalSigns {
  readonly #tail: string[] = [];
  readonly #stopConsole: () => void;
  #consoleAt: number;
  #cancelHeart: () => void = () => {};
  #cancelProgress: () => void = () => {};
  #doing = 'reading its plan';

  /** `onFailure` is called once, when a bound is exceeded. */
  constructor(
    readonly clock: Clock,
    readonly bounds: Bounds,
    console: Console | undefined,
    readonly onFailure: (failure: MachineFailure) => void,
  ) {
    this.#consoleAt = clock.now();
    this.#stopConsole =
      console?.onLine((line) => {
        this.#consoleAt = clock.now();
        this.#tail.push(line);
        if (this.#tail.length > tailLines) this.#tail.shift();
      }) ?? (() => {});
    this.heartbeat();
    this.progress('reading its plan', 0);
  }

  /** The runner said something. */
  heartbeat(): void {
    this.#cancelHeart();
    this.#cancelHeart = this.clock.after(this.bounds.heartbeatMs, () =>
      this.#fail('hang', 'fell silent', this.bounds.heartbeatMs),
    );
  }

  /** The runner did something; `doing` is what it is doing next, `allowanceMs` what that may take beyond the bound. */
  progress(doing: string, allowanceMs: number): void {
    this.#doing = doing;
    this.#cancelProgress();
    const bound = this.bounds.progressMs + allowanceMs;
    this.#cancelProgress = this.clock.after(bound, () => this.#fail('timeout', 'made no progress', bound));
  }

  /** No more bounds. */
  stop(): void {
    this.#cancelHeart();
    this.#cancelProgress();
    this.#stopConsole();
  }

  #fail(kind: 'hang' | 'timeout', what: string, bound: number): void {
    this.stop();
    const silent = Math.round((this.clock.now() - this.#consoleAt) / 1_000);
    const last = this.#tail.at(-1);
    const console = last === undefined ? 'was silent' : `last spoke ${silent} s ago: "${plainText(last)}"`;
    const heart = kind === 'timeout' ? ', though its heart beats' : '';
    const sentence = `The guest ${what} for more than ${bound / 1_000} s while ${this.#doing}${heart}; its console ${console}.`;
    this.onFailure(new MachineFailure(kind, sentence, [...this.#tail]));
  }
}
