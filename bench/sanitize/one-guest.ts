// SPDX-License-Identifier: MIT
/**
 * A provider whose machines are all the same guest: each boot of a plan becomes a round in it, with a runner of its own, which loads
 * the module and unloads it. What leaks in one round is then still there in the next, to be counted. A guest that died is
 * replaced by the next round.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../vm/clock.ts';
import type {
  Abilities,
  Machine,
  MachineDescription,
  MachineExit,
  MachineOptions,
  MachineProvider,
  PrepareOptions,
} from '../../vm/machine.ts';

export const sharedNote =
  'All boots of this run are rounds in one guest: they are no independent samples, and nothing in them is to be compared.';

/** Called when a guest is up for the first time, and after each round in it while it lives. Bounds its own waits. */
export interface RoundCare {
  begins(machine: Machine): Promise<void>;
  roundEnds(machine: Machine, round: number): Promise<void>;
}

export class OneGuest implements MachineProvider {
  readonly name: string;
  readonly abilities: MachineProvider['abilities'];
  readonly clock?: Clock;
  readonly #care: RoundCare;
  readonly #inner: MachineProvider;
  #guest: Guest | undefined;
  #rounds = 0;

  constructor(inner: MachineProvider, care: RoundCare) {
    this.#inner = inner;
    this.#care = care;
    this.name = inner.name;
    this.abilities = inner.abilities;
    if (inner.clock !== undefined) this.clock = inner.clock;
  }

  get slowness(): number {
    return this.#inner.slowness ?? 1;
  }

  prepare(options: PrepareOptions): Promise<void> {
    return this.#inner.prepare(options);
  }

  create(options: MachineOptions): Machine {
    if (this.#guest === undefined || this.#guest.gone) this.#guest = new Guest(this.#inner.create(options), this.#care);
    return new Round(this.#guest, this.#care, this.#rounds++);
  }

  /** The guest of the last round, if it lives: for what is to be done in it after all rounds. */
  get living(): Machine | undefined {
    return this.#guest === undefined || this.#guest.gone ? undefined : this.#guest.machine;
  }

  /** Of the last guest; undefined before the first was started. */
  get description(): MachineDescription | undefined {
    return this.#guest?.everStarted === true ? this.#guest.machine.describe() : undefined;
  }

  /** Ends the guest; idempotent, never rejects. */
  async end(): Promise<void> {
    await this.#guest?.machine.stop();
  }
}

/** A machine that is started once, however often it is asked for. */
class Guest {
  gone = false;
  #started: Promise<void> | undefined;
  #ready: Promise<void> | undefined;
  #up = false;

  constructor(
    readonly machine: Machine,
    readonly care: RoundCare,
  ) {}

  get everStarted(): boolean {
    return this.#started !== undefined;
  }

  get up(): boolean {
    return this.#up && !this.gone;
  }

  start(): Promise<void> {
    this.#started ??= this.machine.start().then(() => {
      void this.machine.wait().then(() => {
        this.gone = true;
      });
    });
    return this.#started;
  }

  ready(): Promise<void> {
    this.#ready ??= this.machine
      .ready()
      .then(() => this.care.begins(this.machine))
      .then(() => {
        this.#up = true;
      });
    return this.#ready;
  }

  async end(): Promise<void> {
    await this.machine.stop();
    this.gone = true;
  }
}

class Round implements Machine {
  readonly #guest: Guest;
  readonly #care: RoundCare;
  readonly #round: number;
  #ending: Promise<void> | undefined;

  constructor(guest: Guest, care: RoundCare, round: number) {
    this.#guest = guest;
    this.#care = care;
    this.#round = round;
  }

  get abilities(): Abilities {
    return this.#guest.machine.abilities;
  }

  start(): Promise<void> {
    return this.#guest.start();
  }

  ready(): Promise<void> {
    return this.#guest.ready();
  }

  channel(): Promise<Duplex> {
    return this.#guest.machine.channel();
  }

  describe(): MachineDescription {
    const described = this.#guest.machine.describe();
    return { ...described, notes: [...described.notes, sharedNote] };
  }

  /** A round that is over has ended well, as far as the machine goes, while its guest lives. */
  async wait(): Promise<MachineExit> {
    return this.#guest.gone ? await this.#guest.machine.wait() : { failure: null, consoleTail: [] };
  }

  stop(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    // One that never came up is of no use to the next round.
    if (!this.#guest.up) return await this.#guest.end();
    try {
      await this.#care.roundEnds(this.#guest.machine, this.#round);
    } catch {
      // Whoever cares notes what it could not see; a guest that does not answer is not used again.
      await this.#guest.end();
    }
  }
}
