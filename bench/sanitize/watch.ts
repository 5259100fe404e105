// SPDX-License-Identifier: MIT
/** Looks into the guest at the right moments and remembers what it saw. */

import { KeystormError, MachineFailure } from '../../vm/failure.ts';
import type { KernelReport } from '../../vm/kernel-log/reports.ts';
import type { Machine, Shell } from '../../vm/machine.ts';
import type { Finding } from './findings.ts';
import { findLeaks, forgetScript } from './kmemleak.ts';
import { findingOfLeak, keysLeftIn, leaksBetween, modulesLeftIn } from './leaks.ts';
import type { RoundCare } from './one-guest.ts';
import { type Snapshot, takeSnapshot, usersKeyringsScript } from './snapshot.ts';

/** A look into the guest on a kernel of usual speed; a scan of its memory. */
const lookMs = 60_000;
const scanMs = 240_000;
/** What is released late (by a worker, after a grace period) is gone after so many looks, or it is a leak. */
const patience = { looks: 10, pauseS: 3 };

export interface WatchOptions {
  /** How many times longer than a usual guest's this one's answers take. */
  readonly slowness: number;
  /** True once nobody wants to know any more. */
  readonly over: () => boolean;
  readonly note: (text: string) => void;
}

export class Watch implements RoundCare {
  readonly findings: Finding[] = [];
  /** Rounds after which the kernel's own words were found. */
  readonly reportedRounds = new Set<number>();
  /** Of the guest that lives. */
  #atStart: Snapshot | undefined;
  #afterFirstRound: Snapshot | undefined;
  /** The living guest's kernel has reported something, with which lockdep ends all looking at locks. */
  #reported = false;
  /** Up to where the living guest's log was looked through. */
  #seenUntil = -1;
  /** Keys after each round, of all guests. */
  readonly keys: number[] = [];

  constructor(readonly options: WatchOptions) {}

  get lookMs(): number {
    return lookMs * this.options.slowness;
  }

  async begins(machine: Machine): Promise<void> {
    const shell = shellOf(machine);
    this.#atStart = undefined;
    this.#afterFirstRound = undefined;
    this.#reported = false;
    this.#seenUntil = -1;
    await shell.run(forgetScript, { timeoutMs: scanMs * this.options.slowness });
    await shell.run(usersKeyringsScript, { timeoutMs: this.lookMs });
    this.#atStart = await this.#look(shell, 'boot');
  }

  async roundEnds(machine: Machine, round: number): Promise<void> {
    if (this.options.over()) return;
    const where = `round ${round}`;
    try {
      const snapshot = await this.#look(shellOf(machine), where);
      this.#afterFirstRound ??= snapshot;
      this.keys.push(snapshot.keys);
      const processes = Object.values(snapshot.processes).reduce((sum, each) => sum + each, 0);
      this.options.note(
        `${where} left ${snapshot.keys} keys, ${processes} processes, ${snapshot.availableMiB} MiB of memory`,
      );
      if (snapshot.reports.length > 0) this.reportedRounds.add(round);
      this.findings.push(...modulesLeftIn(snapshot, where));
    } catch (error) {
      this.findings.push(unseen(where, error));
      throw error;
    }
  }

  /** After an experiment: what the kernel said of it, and whether the module is gone. */
  async experimentEnds(machine: Machine, name: string): Promise<void> {
    const where = `experiment ${name}`;
    this.findings.push(...modulesLeftIn(await this.#look(shellOf(machine), where), where));
  }

  /** When all work is over: what stayed behind. Returns the first and last snapshot that were compared. */
  async end(machine: Machine): Promise<{ readonly before: Snapshot; readonly after: Snapshot } | undefined> {
    const shell = shellOf(machine);
    // What the kernel makes once is there after the first round. Where there was none nothing excuses what an experiment leaves.
    const before = this.#afterFirstRound ?? this.#atStart;
    if (before === undefined) return undefined;
    const left = (after: Snapshot) => [
      ...leaksBetween(before, after, 'end'),
      ...keysLeftIn(after, 'end'),
      ...modulesLeftIn(after, 'end'),
    ];
    let after = await this.#look(shell, 'end');
    for (let look = 1; look < patience.looks && left(after).length > 0; look++) {
      await shell.run(`sleep ${patience.pauseS}`, { timeoutMs: this.lookMs });
      after = await this.#look(shell, 'end');
    }
    this.findings.push(...left(after));
    this.options.note('looking for leaked memory (three scans)');
    const leaks = await findLeaks(shell, scanMs * this.options.slowness);
    this.findings.push(...leaks.map((leak) => findingOfLeak(leak, 'end')));
    await this.#look(shell, 'end');
    return { before, after };
  }

  async #look(shell: Shell, where: string): Promise<Snapshot> {
    const snapshot = await takeSnapshot(shell, this.lookMs, this.#seenUntil);
    this.#seenUntil = snapshot.seenUntil;
    if (snapshot.logLost)
      this.findings.push({ kind: 'unseen', where, what: 'the kernel overwrote lines of its log', lines: [] });
    this.findings.push(...snapshot.reports.map((report) => findingOfReport(report, where)));
    this.#reported ||= snapshot.reports.length > 0;
    const lost = snapshot.locksWatched === false && !this.#reported;
    if (lost) this.findings.push({ kind: 'unseen', where, what: 'lockdep has switched itself off', lines: [] });
    return snapshot;
  }
}

function findingOfReport(report: KernelReport, where: string): Finding {
  const { what, line, lines, title, fingerprint } = report;
  return { kind: 'kernel-report', where, what: `${what}: ${line}`, lines, title, fingerprint };
}

/** What kept from looking: a guest or the harness that broke, or something that is not to be seen there. */
export function unseen(where: string, error: unknown): Finding {
  const broke = error instanceof MachineFailure || (error instanceof KeystormError && error.exitCode === 3);
  const kind = broke ? 'broken' : 'unseen';
  const fault = error instanceof MachineFailure ? error.fault : undefined;
  return { kind, where, what: error instanceof Error ? error.message : String(error), lines: [], ...fault };
}

/** @throws MachineFailure when the machine has no shell: nothing can be looked at there. */
export function shellOf(machine: Machine): Shell {
  const { shell } = machine.abilities;
  if (shell !== undefined) return shell;
  throw new MachineFailure('harness-fault', 'This machine has no shell, and nothing can be looked at in it.');
}
