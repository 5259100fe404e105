// SPDX-License-Identifier: MIT
/** Fake machines with a shell that answers as it is told, for what the harness does in a sanitized guest. */
import { MachineFailure } from '../../../vm/failure.ts';
import type { Misbehaviour } from '../../../vm/fake/misbehaviour.ts';
import { FakeProvider } from '../../../vm/fake/provider.ts';
import { VirtualClock } from '../../../vm/fake/virtual-clock.ts';
import type { Abilities, Machine, MachineOptions, MachineProvider, ShellResult } from '../../../vm/machine.ts';

/** What a command of the guest's shell comes to: text for its standard output, or all of it. */
export type Answers = (command: string) => string | ShellResult;

/** A snapshot as a guest that is clean prints it. */
export const cleanSnapshot = (keys = 9): string => `== log
<6>[    1.000000] Linux version fake
== users
    0:     9 ${keys}/${keys} 2/1000000 24/1000000000
== modules
== lockdep
 debug_locks:                             1
== slabs
key_jar ${keys}
`;

/** Fake guests with such a shell. `started` counts them. */
export class ShellProvider implements MachineProvider {
  readonly name = 'fake';
  readonly abilities = { disposable: true, chooseKernel: true };
  readonly clock: VirtualClock;
  readonly commands: string[] = [];
  started = 0;
  readonly #inner: FakeProvider;

  /** `script`: how its guests misbehave, as of the fake machine. */
  constructor(
    readonly answers: Answers,
    script: readonly Misbehaviour[] = [],
  ) {
    this.#inner = new FakeProvider({ clock: new VirtualClock(new Date(0)), script });
    this.clock = this.#inner.clock;
  }

  prepare(): Promise<void> {
    return this.#inner.prepare({ kernel: '6.1', locked: false, noInstall: true, progress: () => {} });
  }

  create(options: MachineOptions): Machine {
    const machine = this.#inner.create(options);
    this.started++;
    let gone = false;
    const stop = async () => {
      gone = true;
      await inherited();
    };
    const inherited = machine.stop.bind(machine);
    const run = async (command: string): Promise<ShellResult> => {
      if (gone) throw new MachineFailure('lost-connection', 'The guest is gone.');
      this.commands.push(command);
      const answer = this.answers(command);
      return typeof answer === 'string' ? { code: 0, stdout: answer, stderr: '' } : answer;
    };
    const abilities: Abilities = { ...machine.abilities, shell: { run } };
    return Object.defineProperties(machine, { abilities: { value: abilities }, stop: { value: stop } });
  }
}
