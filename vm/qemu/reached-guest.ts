// SPDX-License-Identifier: MIT
/** A guest in a QEMU of ours, reached by ssh: its commands, its runner and its terminals, each of which fails with what the guest died of. */
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { ConsoleLines } from '../console-lines.ts';
import { MachineFailure } from '../failure.ts';
import { guestFolder } from '../image/initramfs.ts';
import type { MachineExit, ShellResult, Terminal } from '../machine.ts';
import { SshLink, type SshTarget } from '../ssh/link.ts';
import { runnerChannel } from '../ssh/runner-channel.ts';
import { terminalOver } from '../ssh/terminal.ts';
import type { QemuDeadlines } from './deadlines.ts';
import type { Fate } from './fate.ts';

/** What is known of the guest behind the connection. */
export interface GuestLife {
  readonly fate: Fate;
  /** Resolves when it is gone. Never rejects. */
  readonly exit: Promise<MachineExit>;
  readonly deadlines: Pick<QemuDeadlines, 'command' | 'aftermath'>;
}

export class ReachedGuest {
  readonly #link: SshLink;
  readonly #life: GuestLife;

  private constructor(link: SshLink, life: GuestLife) {
    this.#link = link;
    this.#life = life;
  }

  /** Rejects with a MachineFailure. */
  static async connect(target: SshTarget, life: GuestLife): Promise<ReachedGuest> {
    try {
      // Whoever uses the link notices its loss by itself: commands and channels end.
      return new ReachedGuest(await SshLink.connect(target, () => undefined), life);
    } catch (error) {
      throw await whyLost(life, `The guest is up but cannot be reached: ${(error as Error).message}.`);
    }
  }

  /** Runs a shell command; `input` goes to its standard input. Rejects with a MachineFailure. */
  async run(command: string, timeoutMs = this.#life.deadlines.command, input?: Buffer): Promise<ShellResult> {
    try {
      return await this.#link.run(command, timeoutMs, input);
    } catch (error) {
      throw await this.whyLost(`A command in the guest failed: ${(error as Error).message}.`);
    }
  }

  /** Starts the runner; what it says on its standard error is kept in the folder `dir`. Rejects with a MachineFailure. */
  async channel(dir: string): Promise<Duplex> {
    const { fate } = this.#life;
    try {
      const command = await this.#link.start(`exec ${guestFolder}/ks-runner`);
      fate.runs(new ConsoleLines(command.stderr));
      return runnerChannel(
        command,
        path.join(dir, 'runner-stderr.log'),
        () => this.whyLost('The connection to the runner was lost.'),
        (symptom) => fate.symptom('harness-fault', symptom),
      );
    } catch (error) {
      throw await this.whyLost(`The runner could not be reached: ${(error as Error).message}.`);
    }
  }

  /** What is behind a symptom; it may take a moment, as a dying guest's console speaks later than its network. */
  whyLost(symptom: string): Promise<MachineFailure> {
    return whyLost(this.#life, symptom);
  }

  close(): void {
    this.#link.close();
  }

  get link(): SshLink {
    return this.#link;
  }
}

function whyLost({ fate, exit, deadlines }: GuestLife, symptom: string): Promise<MachineFailure> {
  return fate.whyLost(symptom, exit, deadlines.aftermath);
}

/** `reached` of a machine that is ready. @throws MachineFailure for one that is not. */
export function demandReached(reached: ReachedGuest | undefined): ReachedGuest {
  if (reached === undefined) throw new MachineFailure('harness-fault', 'The machine is not ready.');
  return reached;
}

/** Terminals of whatever guest is reached when one is opened. */
export function terminalsOf(reached: () => ReachedGuest): Terminal {
  return terminalOver(
    () => reached().link,
    (symptom) => reached().whyLost(symptom),
  );
}
