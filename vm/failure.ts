// SPDX-License-Identifier: MIT
import type { Fault } from './kernel-log/title.ts';

/** Failure kinds are types: everything that can go wrong with a guest, told apart so that the exit code and the report can. */
export const failureKinds = [
  'boot-failure',
  'guest-panic',
  'oops',
  'hang',
  'lost-connection',
  'out-of-memory',
  'out-of-disk',
  'timeout',
  'harness-fault',
] as const;

export type FailureKind = (typeof failureKinds)[number];

export interface FailureOptions extends ErrorOptions {
  /** What the guest's kernel reported, if that is why. */
  readonly fault?: Fault | undefined;
}

/** A guest failed. `message` is one sentence; `consoleTail` its last console lines (empty if it never spoke). */
export class MachineFailure extends Error {
  override readonly name = 'MachineFailure';
  readonly fault: Fault | undefined;

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly consoleTail: readonly string[] = [],
    options?: FailureOptions,
  ) {
    super(message, options);
    this.fault = options?.fault;
  }
}

/**
 * The user, the host or a file is at fault, not the code: printed as one sentence without a stack trace. `exitCode` is
 * one of the table in the README (2 usage or configuration, 3 harness or guest broke, 4 inconclusive).
 */
export class KeystormError extends Error {
  override readonly name = 'KeystormError';

  constructor(
    message: string,
    readonly exitCode: 2 | 3 | 4 = 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
