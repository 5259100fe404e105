// SPDX-License-Identifier: MIT
import type { Clock } from '../../vm/clock.ts';
import { MachineFailure } from '../../vm/failure.ts';
import type { Abilities } from '../../vm/machine.ts';
import { describeSilence, Patience, type Silence } from '../../vm/patience.ts';
import { plainText } from '../report/plain-text.ts';
import type { Bounds } from './bounds.ts';

const tailLines = 20;

/**
 * Three separate signs of life of a guest that works: its heart beats (any line of its runner), it makes progress (a frame
 * other than a heartbeat), and its console. The first two have bounds, in time in which the guest could run; the console may rightly
 * be silent for ever, and tells a guest that is dead from one that only its runner is lost in. (A console that shows a crash
 * ends the machine itself, which is noticed there.)
 */
export class VitalSigns {
  readonly #tail: string[] = [];
  readonly #stopConsole: () => void;
  readonly #patience: Patience;
  #consoleAt: number;
  #doing = 'reading its plan';

  /** `onFailure` is called once, when a bound is exceeded. */
  constructor(
    readonly clock: Clock,
    readonly bounds: Bounds,
    { console, awake }: Pick<Abilities, 'console' | 'awake'>,
    readonly onFailure: (failure: MachineFailure) => void,
  ) {
    this.#patience = new Patience(clock, awake, bounds.giveUpMs);
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
    const { heartbeatMs } = this.bounds;
    this.#patience.expect('heartbeat', heartbeatMs, (silence) => {
      // One that had hardly time to run may be well.
      const ran = silence.ms - silence.asleepMs >= heartbeatMs;
      this.#fail(ran ? 'hang' : 'timeout', 'fell silent', silence, '');
    });
  }

  /** The runner did something; `doing` is what it is doing next, `allowanceMs` what that may take beyond the bound. */
  progress(doing: string, allowanceMs: number): void {
    this.#doing = doing;
    this.#patience.expect('progress', this.bounds.progressMs + allowanceMs, (silence) =>
      this.#fail('timeout', 'made no progress', silence, ', though its heart beats'),
    );
  }

  /** No more bounds. */
  stop(): void {
    this.#patience.stop();
    this.#stopConsole();
  }

  #fail(kind: 'hang' | 'timeout', what: string, silence: Silence, heart: string): void {
    this.stop();
    const silent = Math.round((this.clock.now() - this.#consoleAt) / 1_000);
    const last = this.#tail.at(-1);
    const console = last === undefined ? 'was silent' : `last spoke ${silent} s ago: "${plainText(last)}"`;
    const sentence = `The guest ${what} ${describeSilence(silence)} while ${this.#doing}${heart}; its console ${console}.`;
    this.onFailure(new MachineFailure(kind, sentence, [...this.#tail]));
  }
}
