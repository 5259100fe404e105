// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BootPlan, Plan } from '../../results/plan.ts';
import type { RunWriter } from '../../results/run-writer.ts';
import type { Clock } from '../../vm/clock.ts';
import { causeOf } from '../../vm/exit-classification.ts';
import { KeystormError, MachineFailure } from '../../vm/failure.ts';
import type { Machine, MachineDescription, MachineExit, MachineProvider } from '../../vm/machine.ts';
import { renderGuestPlan } from '../plan/guest-plan.ts';
import { type Bounds, boundsFor } from './bounds.ts';
import { Conversation } from './conversation.ts';
import type { RunListener } from './listener.ts';
import { demandSameMachine } from './same-machine.ts';
import type { ReadUsage } from './usage.ts';
import { VitalSigns } from './vital-signs.ts';

export interface BootParts {
  readonly plan: Plan;
  readonly boot: BootPlan;
  readonly provider: MachineProvider;
  readonly writer: RunWriter;
  readonly listener: RunListener;
  readonly clock: Clock;
  /** What the guest must be like; absent: whatever it is. */
  readonly like?: MachineDescription | undefined;
  readonly bounds?: Bounds;
  /** What the harness uses of the host, recorded for each window; absent: not recorded. */
  readonly usage?: ReadUsage | undefined;
  /** Aborted: the boot ends as soon as it can, and what there is stays. */
  readonly signal: AbortSignal;
}

export type BootOutcome = 'done' | 'failed' | 'aborted';

/** The boot's own folder in the run's: console, and whatever else the machine keeps. What was kept of a boot that was cut off stays. */
function bootFolderName(boot: number, { resumptions }: RunWriter): string {
  return resumptions === 0 ? `boot-${boot}` : `boot-${boot}-resumed-${resumptions}`;
}

/** Somebody wants the run to end. */
class Aborted extends Error {}

/**
 * One guest from its start to its end. A guest that fails is an outcome, recorded with its kind, and never an exception.
 * @throws KeystormError when the run itself cannot go on, e.g. because the disk is full; the guest is gone by then.
 */
export async function runBoot(parts: BootParts): Promise<BootOutcome> {
  const { boot, writer, listener, signal } = parts;
  const dir = writer.makeFolder(bootFolderName(boot.index, writer));
  const machine = createMachine(parts, dir);
  listener.bootStarts(boot.index);
  let failure: MachineFailure | null = null;
  let outcome: BootOutcome = 'done';
  const bounds = parts.bounds ?? boundsFor(parts.provider.slowness ?? 1);
  try {
    await unlessAborted(signal, work(machine, parts, bounds));
  } catch (error) {
    const final = error instanceof KeystormError ? error : writer.storageErrorOf(error);
    if (final !== null) {
      await ended(machine, parts.clock, bounds);
      recordIfPossible(parts, final);
      throw final;
    }
    if (error instanceof Aborted) outcome = 'aborted';
    else failure = asFailure(error, dir);
  }
  // A crash that shows only on the console, or only in the end, still counts.
  const exit = await ended(machine, parts.clock, bounds);
  if (failure !== null) failure = causeOf(failure, exit);
  else if (outcome === 'done') failure = exit.failure;
  if (failure !== null) {
    outcome = 'failed';
    const { kind, message } = failure;
    const consoleTail = failure.consoleTail.length > 0 ? failure.consoleTail : exit.consoleTail;
    // Its runner may have known only that something was wrong.
    const fault = failure.fault ?? exit.failure?.fault;
    writer.append({ kind: 'failure', boot: boot.index, failureKind: kind, message, consoleTail, ...fault });
    listener.failure(boot.index, failure);
  }
  if (outcome === 'aborted') writer.append({ kind: 'aborted', boot: boot.index, signal: reasonOf(signal) });
  writer.append({ kind: 'boot-end', boot: boot.index, outcome });
  writer.sync();
  listener.bootEnds(boot.index, outcome);
  return outcome;
}

/** Why the run ends here; on a disk that takes nothing more it goes unsaid, and the run is read as one that was cut off. */
function recordIfPossible({ boot, writer }: BootParts, { message }: KeystormError): void {
  try {
    const failureKind = 'harness-fault';
    writer.append({ kind: 'failure', boot: boot.index, failureKind, message, consoleTail: [] });
  } catch {
    // It is thrown anyway.
  }
}

function createMachine({ plan, boot, provider, writer }: BootParts, dir: string): Machine {
  try {
    return provider.create({ dir, smp: plan.smp, memoryMiB: plan.memoryMiB, seed: boot.seed });
  } catch (error) {
    throw writer.storageErrorOf(error) ?? error;
  }
}

/** The word an abort was given, e.g. 'SIGINT'. */
export function reasonOf(signal: AbortSignal): string {
  return typeof signal.reason === 'string' ? signal.reason : 'abort';
}

async function work(machine: Machine, parts: BootParts, bounds: Bounds): Promise<void> {
  const { plan, boot, writer, listener, clock, signal } = parts;
  try {
    await machine.start();
  } finally {
    // Only now is everything about it known; and when it did not start, what did not start is worth knowing.
    // (After an abort nobody waits for this any more, and the boot may have been closed.)
    if (!signal.aborted) writer.append({ kind: 'boot-start', boot: boot.index, description: machine.describe() });
  }
  if (parts.like !== undefined) demandSameMachine(parts.like, machine.describe());
  await machine.ready();
  const channel = await machine.channel();
  channel.on('error', () => {}); // Whoever holds a conversation hears of it beside this; after that it is being torn down.
  if (signal.aborted) return;
  listener.guestIsUp(boot.index);
  const signs = new VitalSigns(clock, bounds, machine.abilities, (late) => {
    conversation.fail(late);
  });
  const conversation = new Conversation({
    plan,
    boot: boot.index,
    channel,
    writer,
    listener,
    signs,
    usage: parts.usage,
  });
  const silence = () => conversation.fail(new Aborted());
  signal.addEventListener('abort', silence, { once: true });
  try {
    await conversation.hold(renderGuestPlan(plan, boot));
  } finally {
    signal.removeEventListener('abort', silence);
    signs.stop();
    channel.destroy();
  }
}

/** Ends the machine. One that does not go in time is left behind: the harness's failure, and no reason to wait for ever. */
function ended(machine: Machine, clock: Clock, { stopMs }: Bounds): Promise<MachineExit> {
  const message = `The guest was still there ${stopMs / 1_000} s after it was told to end.`;
  return new Promise((resolve) => {
    const giveUp = () => resolve({ failure: new MachineFailure('harness-fault', message), consoleTail: [] });
    const cancel = clock.after(stopMs, giveUp);
    void machine
      .stop()
      .then(() => machine.wait())
      .then(resolve)
      .finally(cancel);
  });
}

/** `work`, or a rejection as soon as the signal comes; `work` then goes on unheard until its machine is stopped. */
function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Aborted());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** What nobody foresaw is the harness's fault; its details go to a file beside the console. */
function asFailure(error: unknown, dir: string): MachineFailure {
  if (error instanceof MachineFailure) return error;
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const file = path.join(dir, 'harness-fault.txt');
  let where = `details in ${file}`;
  try {
    writeFileSync(file, `${details}\n`);
  } catch {
    where = 'its details could not be written';
  }
  const message = error instanceof Error ? error.message : String(error);
  return new MachineFailure('harness-fault', `The harness failed: ${message} (${where}).`, [], { cause: error });
}
