// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { KeystormError } from '../failure.ts';
import type { Machine, MachineOptions, MachineProvider, PrepareOptions } from '../machine.ts';
import { type KeepLines, keepInFile } from './console.ts';
import { type Diary, newDiary } from './diary.ts';
import { FakeMachine } from './machine.ts';
import { type Misbehaviour, parseScript } from './misbehaviour.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface FakeProviderOptions {
  readonly clock?: VirtualClock;
  readonly script?: readonly Misbehaviour[];
  /** Its guests say that they count instructions, each of which takes a nanosecond; default: they do not. */
  readonly counts?: boolean;
  /** Where the guests' consoles are kept; default: in their files. */
  readonly keepConsole?: KeepLines;
}

/** The environment variable that holds the script of a fake run (see misbehaviour.ts); for tests. */
export const scriptVariable = 'KEYSTORM_FAKE';

/** Guests that exist in this process only, to test the harness with. Every figure of theirs is made up. */
export class FakeProvider implements MachineProvider {
  readonly name = 'fake';
  readonly abilities = { disposable: true, chooseKernel: true };
  readonly clock: VirtualClock;
  /** Of each guest that was made, in that order. */
  readonly diaries: Diary[] = [];
  readonly #script: readonly Misbehaviour[];
  readonly #keepConsole: KeepLines;
  readonly #counts: boolean;
  #kernel = 'none';
  #moduleCommit: string | undefined;
  #arrangement: number | undefined;

  /** Without options: the script of the environment, and a virtual clock that starts now. */
  constructor(options: FakeProviderOptions = {}) {
    this.clock = options.clock ?? new VirtualClock(new Date());
    this.#script = options.script ?? parseScript(process.env[scriptVariable] ?? '');
    this.#counts = options.counts ?? false;
    this.#keepConsole = options.keepConsole ?? keepInFile;
  }

  /** @throws KeystormError (2) when an accelerator or a kernel tree is asked for: there is no processor here to accelerate or to run it. */
  async prepare(options: PrepareOptions): Promise<void> {
    if (options.accelerator !== undefined && options.accelerator !== 'auto' && !this.#counts)
      throw new KeystormError(
        `The fake machine has no accelerator: leave out --accelerator ${options.accelerator}, or take --machine qemu.`,
      );
    if (options.kernelTree !== undefined)
      throw new KeystormError('The fake machine runs no kernel: leave out --kernel-tree, or take --machine qemu.');
    this.#kernel = options.kernel;
    this.#moduleCommit = options.moduleCommit;
    this.#arrangement = options.arrangement;
    options.progress('fake machine: there is nothing to prepare, and every figure will be made up');
  }

  create(options: MachineOptions): Machine {
    const diary = newDiary(this.diaries.length);
    const { boot } = diary;
    this.diaries.push(diary);
    const hash = hashOf('fake');
    return new FakeMachine(options, {
      clock: this.clock,
      unitOf,
      script: this.#script.filter((each) => each.boot === boot),
      keepConsole: this.#keepConsole,
      diary,
      description: {
        machine: 'fake',
        accelerator: 'none',
        smp: options.smp,
        memoryMiB: options.memoryMiB,
        clock: this.#counts ? 'icount' : 'virtual',
        kernel: `${this.#kernel}-fake`,
        kernelRelease: `${this.#kernel}.0-fake`,
        kernelConfigHash: hash,
        moduleHash: hashOf(this.#moduleCommit ?? 'fake'),
        imageHash: this.#arrangement === undefined ? hash : hashOf(`arrangement ${this.#arrangement}`),
        hypervisor: { version: '', args: [] },
        cmdline: 'keystorm.disposable=1',
        notes: ['fake machine: every figure is made up'],
      },
    });
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Park and Miller's generator: the same numbers in every run, different ones in every boot of the plan, whoever does which. */
function unitOf(boot: number): () => number {
  let state = (boot + 1) * 7_919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
