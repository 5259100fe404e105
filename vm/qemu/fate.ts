// SPDX-License-Identifier: MIT
/** What is known of a guest's life, to say why it ended, or why it does not answer. */
import { settledWithin } from '../bounded.ts';
import type { ConsoleLines } from '../console-lines.ts';
import { classifyEnding, classifySymptom, type Ending } from '../exit-classification.ts';
import { type FailureKind, MachineFailure } from '../failure.ts';
import type { Sighting } from '../kernel-log/sighting.ts';
import type { MachineExit } from '../machine.ts';
import type { ProcessExit } from './process.ts';
import type { QmpEvent } from './qmp.ts';

const readyLine = 'keystorm: ready';
const failedLine = /^keystorm: failed (.*)$/;

/** The reasons that QEMU's monitor gives for the end of a guest which the guest itself has brought about. */
const ends: ReadonlyMap<unknown, Ending['how']> = new Map([
  ['guest-shutdown', 'off'],
  ['guest-reset', 'reset'],
  ['guest-panic', 'reset'],
]);

export class Fate {
  readonly #console: ConsoleLines;
  #runner: ConsoleLines | undefined;
  #isUp = false;
  #told = false;
  #complaint: string | undefined;
  #how: Ending['how'] = 'gone';

  constructor(console: ConsoleLines) {
    this.#console = console;
    // From its first line on: a guest may say more than is kept before anybody asks.
    console.onLine((line) => {
      if (line === readyLine) this.#isUp = true;
      this.#complaint ??= failedLine.exec(line)?.[1];
    });
  }

  /** Something that the monitor reports. */
  heed({ event, data }: QmpEvent): void {
    if (event === 'SHUTDOWN') this.#how = ends.get(data.reason) ?? this.#how;
  }

  /** Whether the guest has said that it is up, however long ago. Known before later listeners to its console hear that line. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** It was restored from when it had said so. */
  wasUp(): void {
    this.#isUp = true;
  }

  /** We are about to end it. */
  isToEnd(): void {
    this.#told = true;
  }

  /** From now on that is the runner in it, by its standard error and that of the programs that it starts. */
  runs(runner: ConsoleLines): void {
    this.#runner = runner;
  }

  /** How the machine ended whose process ended so. */
  exit({ code, signal, stderr, survived }: ProcessExit): MachineExit {
    const { tail: consoleTail, sighting } = this.#console;
    if (survived) return { failure: new MachineFailure('harness-fault', `QEMU: ${stderr}.`), consoleTail };
    const failure = classifyEnding({
      wasReady: this.#isUp,
      told: this.#told,
      how: this.#how,
      detail: detailOf(code, signal, stderr),
      sighting,
      complaint: this.#complaint,
      consoleTail,
    });
    return { failure, consoleTail, sighting: sighting ?? this.#explanation() };
  }

  /** What a symptom amounts to, given what the console has shown so far. */
  symptom(kind: FailureKind, message: string): MachineFailure {
    return classifySymptom(kind, message, this.#console.sighting, this.#console.tail);
  }

  /**
   * What is behind a broken connection. Waits for the guest's end, at most `boundMs`: the console of a dying guest speaks later than
   * its network.
   */
  async whyLost(symptom: string, exit: Promise<MachineExit>, boundMs: number): Promise<MachineFailure> {
    if (await settledWithin(exit, boundMs)) {
      const { failure } = await exit;
      if (failure !== null) return failure;
    }
    return this.symptom('lost-connection', symptom);
  }

  /** Programs may say why they end; what they say of the kernel is not to be believed. */
  #explanation(): Sighting | undefined {
    const sighting = this.#runner?.sighting;
    return sighting?.gravity === 'explains' ? sighting : undefined;
  }
}

/** Without either, nobody saw it end: what is known is what was said. */
function detailOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  if (signal !== null) return `QEMU was killed by ${signal}`;
  return (code === null ? stderr : `QEMU ended with status ${code} ${stderr}`).trim();
}

/** Rejects when the guest is gone, with what it died of. */
export async function endOf(exit: Promise<MachineExit>): Promise<never> {
  const { failure, consoleTail } = await exit;
  throw failure ?? new MachineFailure('lost-connection', 'The guest was ended meanwhile.', consoleTail);
}
