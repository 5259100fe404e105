// SPDX-License-Identifier: MIT
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import { MachineFailure } from '../failure.ts';
import { patternOf } from '../kernel-log/patterns.ts';
import { faultIn } from '../kernel-log/title.ts';
import type { Abilities, Machine, MachineDescription, MachineExit, MachineOptions } from '../machine.ts';
import { FakeConsole, type KeepLines } from './console.ts';
import type { Diary } from './diary.ts';
import { Runner } from './guest.ts';
import { type GuestPlan, parseGuestPlan } from './guest-plan.ts';
import { FakeLink } from './link.ts';
import { isMoment, type Misbehaviour, type MisbehaviourKind, type WrongMoment } from './misbehaviour.ts';
import { type Body, type GuestEvent, numbered } from './pen.ts';
import type { Unit } from './service.ts';
import { Timers } from './timers.ts';

const bootMs = 5_000;
/** From asking for a runner to its being there. */
const channelMs = 50;
/** Of a runner that does nothing else: more seldom than a real one's, and one of them may be lost without it being taken for dead. */
const beatMs = 4_000;
const pauseMs = 60_000;
const panicLine = 'Kernel panic - not syncing: fake: as the script says';
const oopsLine = 'BUG: kernel NULL pointer dereference, address: 0000000000000000';

export interface FakeMachineOptions {
  readonly clock: Clock & { freeze(): void };
  /** The numbers that a boot of the plan draws. */
  readonly unitOf: (boot: number) => Unit;
  /** Of this guest. */
  readonly script: readonly Misbehaviour[];
  readonly description: MachineDescription;
  readonly keepConsole: KeepLines;
  readonly diary: Diary;
}

/** A guest that is nowhere: it reads the same plan and writes the same frames as a real one, in virtual time. */
export class FakeMachine implements Machine {
  readonly abilities: Abilities;
  readonly #console: FakeConsole;
  readonly #timers: Timers;
  readonly #exit: Promise<MachineExit>;
  #ended: (exit: MachineExit) => void = () => {};
  /** Told when the guest ends before what they wait for has come. */
  readonly #waiting = new Set<(reason: MachineFailure) => void>();
  /** What its console has shown of its kernel's end, or of what broke it. */
  #shown: MachineFailure | undefined;
  #link: FakeLink | undefined;
  /** Prevents the end of its pause. */
  #resumes: () => void = () => {};
  #frames = 0;

  constructor(
    options: MachineOptions,
    readonly fake: FakeMachineOptions,
  ) {
    this.#console = new FakeConsole(options.dir, fake.keepConsole);
    this.#timers = new Timers(fake.clock);
    this.#exit = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.abilities = {
      disposable: true,
      console: this.#console,
      pause: { pause: async () => this.#timers.pause(), resume: async () => this.#timers.resume() },
      awake: () => this.#timers.awakeMs,
    };
  }

  async start(): Promise<void> {
    if (this.#does('start-failure'))
      throw new MachineFailure('harness-fault', 'The guest could not be started, as its script says.');
    this.fake.diary.started = true;
    this.#console.say('Linux version fake');
  }

  async ready(): Promise<void> {
    await this.#while(bootMs);
    if (this.#does('boot-failure')) {
      const { lines } = this.#console;
      const failure = new MachineFailure('boot-failure', 'The guest did not come up, as its script says.', lines);
      this.#end(failure);
      throw failure;
    }
    this.#console.say('keystorm: ready');
  }

  async channel(): Promise<Duplex> {
    await this.#while(channelMs);
    if (this.#does('no-channel'))
      throw new MachineFailure('lost-connection', 'The runner cannot be reached, as the script says.');
    // A new runner counts from the beginning.
    this.#frames = 0;
    this.#link = new FakeLink(this.#timers, this.fake.diary, (plan) => this.#obey(plan));
    return this.#link.stream;
  }

  wait(): Promise<MachineExit> {
    return this.#exit;
  }

  async stop(): Promise<void> {
    this.fake.diary.stops++;
    if (this.#does('deaf')) await new Promise(() => {});
    this.#end(null);
  }

  describe(): MachineDescription {
    return this.fake.description;
  }

  /** Resolves after so long, unless the guest is gone first. */
  #while(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.fake.diary.gone) reject(this.#lost());
      this.#waiting.add(reject);
      this.#timers.after(ms, () => {
        this.#waiting.delete(reject);
        resolve();
      });
    });
  }

  #obey(text: string): void {
    let plan: GuestPlan;
    try {
      plan = parseGuestPlan(text);
    } catch (error) {
      this.#write({ t: 'error', where: 'plan', message: error instanceof Error ? error.message : String(error) });
      this.#link?.end();
      return;
    }
    const { unitOf, script, description } = this.fake;
    const runner = new Runner(plan, {
      kernelRelease: description.kernelRelease,
      cmdline: description.cmdline,
      smp: description.smp,
      unit: unitOf(plan.boot),
      misbehaviour: (cell) => {
        const kind = script.find((each) => each.cell === cell && each.frame === undefined)?.kind;
        if (kind !== undefined && !isMoment(kind)) this.#happens(kind);
        return kind;
      },
    });
    this.#next(runner.run());
  }

  /** Lets the next event happen in its time. */
  #next(events: Iterator<GuestEvent>): void {
    const step = events.next();
    if (step.done === true) {
      this.#link?.end();
      return;
    }
    const event = step.value;
    this.#timers.after(event.afterMs, () => {
      const goesOn =
        event.kind === 'frame'
          ? this.#momentsBefore(this.#frames) && this.#write(event.body)
          : !isMoment(event.what) || this.#misbehave(event.what, 'window');
      if (goesOn) this.#next(events);
    });
  }

  /** What the script says for this moment; false when nothing comes after it. */
  #momentsBefore(frame: number): boolean {
    return this.fake.script
      .filter((each) => each.frame === frame)
      .every(({ kind }) => !isMoment(kind) || this.#misbehave(kind));
  }

  /** Does what the script says, to a frame of that type if it is done to a frame; false when nothing comes after it. */
  #misbehave(what: WrongMoment, to?: 'window'): boolean {
    if (what === 'corrupt-frame' || what === 'lost-frame' || what === 'repeat-frame' || what === 'torn-line') {
      this.#link?.harm(what, to);
      return true;
    }
    this.#happens(what);
    switch (what) {
      case 'panic':
        this.#end(this.#show('guest-panic', "The guest's kernel panicked", panicLine));
        return false;
      case 'stuck-panic':
        this.#show('guest-panic', "The guest's kernel panicked", panicLine);
        return false;
      case 'oops':
        this.#show('oops', "The guest's kernel broke", oopsLine);
        return true;
      case 'reboot':
        this.#end(this.#shown ?? new MachineFailure('guest-panic', 'The guest reset itself without a word.'));
        return false;
      case 'lost-connection':
        this.#link?.end();
        return false;
      case 'runner-error':
        this.#write({ t: 'error', where: 'container', message: 'crun \u001b[31mfailed\u001b[0m, as the script says' });
        this.#link?.end();
        return false;
      case 'no-progress':
        this.#beatOn();
        return false;
      case 'hang':
        return false;
      case 'pause':
        this.#timers.pause();
        this.#resumes();
        this.#resumes = this.fake.clock.after(pauseMs, () => this.#timers.resume());
        return true;
      case 'noise':
        this.#link?.babble('crun: a word that is no frame');
        return true;
      case 'slow-link':
        this.#link?.slowDown();
        return true;
      case 'freeze':
        this.fake.clock.freeze();
        return true;
    }
  }

  /** Its console shows the line, and so why it ends, if it ends without another reason. */
  #show(kind: 'guest-panic' | 'oops', what: string, line: string): MachineFailure {
    this.#console.say(line);
    const fault = faultIn([line], patternOf(line));
    this.#shown = new MachineFailure(kind, `${what}: ${line}`, this.#console.lines, { fault });
    return this.#shown;
  }

  #beatOn(): void {
    this.#timers.after(beatMs, () => {
      this.#write({ t: 'beat', mono: 0, phase: 'as the script says' });
      this.#beatOn();
    });
  }

  /** False if the link did not survive it. */
  #write(body: Body): boolean {
    return this.#link?.write(numbered(this.#frames++, body)) ?? false;
  }

  #does(kind: MisbehaviourKind): boolean {
    const does = this.fake.script.some((each) => each.kind === kind);
    if (does) this.#happens(kind);
    return does;
  }

  #happens(kind: MisbehaviourKind): void {
    this.fake.diary.happened.push(kind);
  }

  #lost(): MachineFailure {
    return new MachineFailure('lost-connection', 'The guest was ended meanwhile.', this.#console.lines);
  }

  #end(failure: MachineFailure | null): void {
    const { diary } = this.fake;
    if (diary.gone) return;
    diary.gone = true;
    this.#timers.cancelAll();
    this.#resumes();
    const why = failure ?? this.#shown ?? null;
    this.#ended({ failure: why, consoleTail: this.#console.lines });
    for (const reject of this.#waiting) reject(why ?? this.#lost());
    this.#link?.fail(() => why ?? this.#lost());
  }
}
