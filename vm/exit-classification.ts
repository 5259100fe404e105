// SPDX-License-Identifier: MIT
/** From how a guest ended to a typed failure, or to none. One place for all backends. */

import { type FailureKind, MachineFailure } from './failure.ts';
import type { Sighting } from './kernel-log/sighting.ts';
import type { MachineExit } from './machine.ts';

/** How the process (or whatever carries the guest) ended. */
export interface Ending {
  /** The guest had said that it is up. */
  readonly wasReady: boolean;
  /** We ended it. */
  readonly told: boolean;
  /** 'off': the guest turned itself off; 'reset': it reset itself; 'gone': its carrier ended in another way. */
  readonly how: 'off' | 'reset' | 'gone';
  /** One clause for 'gone', e.g. "QEMU was killed by SIGKILL". */
  readonly detail: string;
  /** The gravest thing seen on its console. */
  readonly sighting: Sighting | undefined;
  /** What the guest itself gave as the reason why it could not come up. */
  readonly complaint: string | undefined;
  readonly consoleTail: readonly string[];
}

const initDied = /Kernel panic - not syncing: Attempted to kill init!/;

/** The failure an ending amounts to; null when the guest ended as it should. */
export function classifyEnding(ending: Ending): MachineFailure | null {
  const { sighting, consoleTail, wasReady } = ending;
  const fail = (kind: FailureKind, message: string) => new MachineFailure(kind, message, consoleTail);
  const broke = (seen: Sighting) => {
    // That its first process has ended is a panic, unless this was what should have brought it up.
    const kind = !wasReady && initDied.test(seen.line) ? 'boot-failure' : seen.kind;
    return new MachineFailure(kind, describeSighting(seen), consoleTail, { fault: seen.fault });
  };
  if (sighting !== undefined && sighting.gravity !== 'explains') return broke(sighting);
  if (ending.told) return null;
  if (ending.complaint !== undefined && !wasReady)
    return fail('boot-failure', `The guest could not come up: ${ending.complaint}.`);
  if (ending.complaint !== undefined)
    return classifySymptom('lost-connection', `The guest gave up: ${ending.complaint}.`, sighting, consoleTail);
  if (ending.how === 'off' && wasReady) return null;
  if (sighting !== undefined) return broke(sighting);
  if (ending.how === 'gone') return fail('harness-fault', `The guest is gone: ${ending.detail}.`);
  if (!wasReady)
    return fail('boot-failure', `The guest ${ending.how === 'off' ? 'turned itself off' : 'reset'} before it was up.`);
  return fail('guest-panic', 'The guest reset itself without a word on its console (a triple fault, or a reboot).');
}

/** A waiting step was not reached in time, or the link was lost: what that amounts to, given what the console showed. */
export function classifySymptom(
  kind: FailureKind,
  symptom: string,
  sighting: Sighting | undefined,
  consoleTail: readonly string[],
): MachineFailure {
  if (sighting === undefined) return new MachineFailure(kind, symptom, consoleTail);
  const message = `${describeSighting(sighting)} (seen as: ${symptom})`;
  return new MachineFailure(sighting.kind, message, consoleTail, { fault: sighting.fault });
}

const symptoms: readonly FailureKind[] = ['hang', 'timeout', 'lost-connection'];

/** What a runner that gave up may have lacked, and was said by a program that it had started or by the kernel. */
const wants: readonly FailureKind[] = ['out-of-disk', 'out-of-memory'];
/** Of these, what ended the guest is the reason also for a runner that knew only that something was wrong. */
const breaks: readonly FailureKind[] = ['guest-panic', 'oops', 'out-of-memory'];

/**
 * What a guest failed of, given how the failure was seen and how the guest ended: where its end or its console tells more than a
 * symptom does, that. A guest whose kernel broke often does no more than fall silent.
 */
export function causeOf(seen: MachineFailure, { failure: end, sighting, consoleTail }: MachineExit): MachineFailure {
  const isSymptom = symptoms.includes(seen.kind);
  if (end === null) {
    // One with a fault was named for what the console showed already; one with a cause is an error of the harness itself.
    if (sighting === undefined || seen.fault !== undefined || seen.cause !== undefined) return seen;
    const lacked = seen.kind === 'harness-fault' && wants.includes(sighting.kind);
    return isSymptom || lacked ? classifySymptom(seen.kind, seen.message, sighting, consoleTail) : seen;
  }
  if (!isSymptom && !(seen.kind === 'harness-fault' && breaks.includes(end.kind))) return seen;
  // That it could not be ended, say, is not why it failed.
  if (symptoms.includes(end.kind) || end.kind === 'harness-fault') return seen;
  const message = `${end.message.replace(/\.$/, '')} (seen as: ${seen.message})`;
  return new MachineFailure(end.kind, message, end.consoleTail, { fault: end.fault });
}

function describeSighting(sighting: Sighting): string {
  const effect = { dead: 'The guest died', broken: "The guest's kernel broke", explains: 'The guest was lost' };
  return `${effect[sighting.gravity]}: ${sighting.line.replace(/^\[[^\]]*\]\s*/, '')}`;
}
