// SPDX-License-Identifier: MIT
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Duplex } from 'node:stream';
import { encodeFrameLine } from '../../results/frames.ts';
import type { Clock } from '../clock.ts';
import { MachineFailure } from '../failure.ts';
import { patternOf } from '../kernel-log/patterns.ts';
import { faultIn } from '../kernel-log/title.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions } from '../machine.ts';
import { Runner } from './guest.ts';
import { type GuestPlan, parseGuestPlan } from './guest-plan.ts';
import type { Misbehaviour, MisbehaviourKind } from './misbehaviour.ts';
import { type GuestEvent, numbered } from './pen.ts';
import type { Unit } from './service.ts';

const bootMs = 5_000;
const beatMs = 2_000;
const panicLine = 'Kernel panic - not syncing: fake: as the script says';

export interface FakeMachineOptions {
  readonly clock: Clock & { freeze(): void };
  readonly unit: Unit;
  readonly script: readonly Misbehaviour[];
  readonly description: MachineDescription;
  /** Index of this boot. */
  readonly boot: number;
}

/** A guest that is nowhere: it reads the same plan and writes the same frames as a real one, in virtual time. */
export class FakeMachine implements Machine {
  readonly abilities: Abilities;
  readonly #logFile: string;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  readonly #exit: Promise<MachineExit>;
  #ended: (exit: MachineExit) => void = () => {};
  #running = false;
  #channel: Duplex | undefined;
  #frames = 0;
  #skipNext: 'corrupt-frame' | 'lost-frame' | undefined;

  constructor(
    options: MachineOptions,
    readonly fake: FakeMachineOptions,
  ) {
    this.#logFile = path.join(options.dir, 'console.log');
    this.#exit = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.abilities = {
      disposable: true,
      console: {
        logFile: this.#logFile,
        onLine: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
    };
    mkdirSync(options.dir, { recursive: true });
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#say('Linux version fake');
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.fake.clock.after(bootMs, () => {
        if (!this.#running) reject(new MachineFailure('boot-failure', 'The guest was stopped.', this.#lines));
        else if (!this.#does('boot-failure')) resolve(this.#say('keystorm: ready'));
        else {
          const failure = new MachineFailure(
            'boot-failure',
            'The guest did not come up, as its script says.',
            this.#lines,
          );
          this.#end(failure);
          reject(failure);
        }
      });
    });
  }

  async channel(): Promise<Duplex> {
    let plan = '';
    // A new runner counts from the beginning.
    this.#frames = 0;
    const channel = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        plan += chunk.toString();
        if (plan.endsWith('\nrun\n')) this.#obey(plan);
        done();
      },
    });
    this.#channel = channel;
    return channel;
  }

  wait(): Promise<MachineExit> {
    return this.#exit;
  }

  async stop(): Promise<void> {
    if (this.#does('deaf')) await new Promise(() => {});
    this.#end(null);
  }

  describe(): MachineDescription {
    return this.fake.description;
  }

  #obey(text: string): void {
    let plan: GuestPlan;
    try {
      plan = parseGuestPlan(text);
    } catch (error) {
      this.#write({ t: 'error', where: 'plan', message: error instanceof Error ? error.message : String(error) });
      this.#channel?.push(null);
      return;
    }
    const { unit, script, description } = this.fake;
    const runner = new Runner(plan, {
      kernelRelease: description.kernelRelease,
      cmdline: description.cmdline,
      smp: description.smp,
      unit,
      misbehaviour: (cell) => script.find((each) => each.boot === this.fake.boot && each.cell === cell)?.kind,
    });
    this.#next(runner.run());
  }

  /** Lets the next event happen in its time, with a heartbeat wherever that takes long. */
  #next(events: Iterator<GuestEvent>): void {
    const step = events.next();
    if (step.done === true) {
      this.#channel?.push(null);
      return;
    }
    const event = step.value;
    this.fake.clock.after(event.afterMs, () => {
      if (!this.#running) return;
      if (event.kind === 'frame') this.#write(event.body);
      else if (!this.#misbehave(event.what)) return;
      this.#next(events);
    });
  }

  /** Does what the script says; false when nothing comes after it. */
  #misbehave(what: MisbehaviourKind): boolean {
    switch (what) {
      case 'panic':
        this.#say(panicLine);
        this.#end(
          new MachineFailure('guest-panic', `The guest's kernel panicked: ${panicLine}`, this.#lines, {
            fault: faultIn([panicLine], patternOf(panicLine)),
          }),
        );
        return false;
      case 'lost-connection':
        this.#channel?.push(null);
        return false;
      case 'runner-error':
        this.#write({ t: 'error', where: 'container', message: 'crun \u001b[31mfailed\u001b[0m, as the script says' });
        this.#channel?.push(null);
        return false;
      case 'no-progress':
        this.#beatOn();
        return false;
      case 'hang':
        return false;
      case 'freeze':
        this.fake.clock.freeze();
        return true;
      case 'corrupt-frame':
      case 'lost-frame':
        this.#skipNext = what;
        return true;
      default:
        return true;
    }
  }

  #beatOn(): void {
    this.fake.clock.after(beatMs, () => {
      if (!this.#running) return;
      this.#write({ t: 'beat', mono: 0, phase: 'as the script says' });
      this.#beatOn();
    });
  }

  #write(body: Parameters<typeof numbered>[1]): void {
    const line = encodeFrameLine(numbered(this.#frames++, body));
    const how = body.t === 'window' ? this.#skipNext : undefined;
    if (how !== undefined) this.#skipNext = undefined;
    if (how === 'lost-frame') return;
    this.#channel?.push(`${how === 'corrupt-frame' ? line.replace('"ended"', '"endEd"') : line}\n`);
  }

  #does(kind: MisbehaviourKind): boolean {
    return this.fake.script.some((each) => each.kind === kind && each.boot === this.fake.boot);
  }

  #say(line: string): void {
    this.#lines.push(line);
    appendFileSync(this.#logFile, `${line}\n`);
    for (const listener of this.#listeners) listener(line);
  }

  #end(failure: MachineFailure | null): void {
    if (!this.#running) return;
    this.#running = false;
    this.#ended({ failure, consoleTail: this.#lines });
    if (failure !== null) this.#channel?.destroy(failure);
    else this.#channel?.push(null);
  }
}
