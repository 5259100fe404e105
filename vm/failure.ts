// SPDX-License-Identifier: MIT
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

/** A guest failed. `message` is one sentence; `consoleTail` its last console lines (empty if it never spoke). */
export class MachineFailure extends Error {
  override readonly name = 'MachineFailure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly consoleTail: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
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
