// SPDX-License-Identifier: MIT
/** Starts QEMU with everything that watches it: its console kept and read, its monitor opened, a guest that is dead ended. */
import { BoundedLog } from '../bounded-log.ts';
import { wallClock } from '../clock.ts';
import { ConsoleLines } from '../console-lines.ts';
import { MachineFailure } from '../failure.ts';
import type { Pipe } from '../host/pipe.ts';
import type { MachineExit } from '../machine.ts';
import { qemuProgram } from './arguments.ts';
import type { QemuDeadlines } from './deadlines.ts';
import { watchForDeath } from './death-watch.ts';
import { Fate } from './fate.ts';
import { QemuProcess } from './process.ts';
import { Qmp, type QmpEvent } from './qmp.ts';

export interface LaunchParts {
  readonly args: readonly string[];
  /** Where the guest's console is written to; ours is closed here. */
  readonly pipe: Pipe;
  /** The console is kept there. */
  readonly consoleLog: string;
  /** What is there already is its beginning. */
  readonly goesOn?: boolean;
  readonly deadlines: Pick<QemuDeadlines, 'start' | 'death'>;
  readonly onLine: (line: string) => void;
  readonly onEvent?: (event: QmpEvent) => void;
}

/** A QEMU that was started, whether or not it is set up. */
export interface Launch {
  readonly process: QemuProcess;
  readonly console: ConsoleLines;
  readonly fate: Fate;
  /** Resolves when QEMU is set up and takes commands; rejects with a MachineFailure when it does not, and is gone by then. */
  readonly monitor: Promise<Qmp>;
  /** Resolves when it is gone. Never rejects. */
  readonly exit: Promise<MachineExit>;
}

export function launchQemu({
  args,
  pipe,
  consoleLog,
  goesOn = false,
  deadlines,
  onLine,
  onEvent,
}: LaunchParts): Launch {
  const log = new BoundedLog(consoleLog, goesOn ? 'a' : 'w');
  const process = new QemuProcess(qemuProgram, args, pipe);
  process.console.on('data', (chunk: Buffer) => log.write(chunk));
  void process.exited.then(() => log.end());
  const console = new ConsoleLines(process.console);
  const fate = new Fate(console);
  const endWatch = watchForDeath(console, deadlines.death, wallClock, () => void process.kill());
  void process.exited.then(endWatch);
  console.onLine(onLine);
  const qmp = new Qmp(process.monitor, (event) => {
    fate.heed(event);
    onEvent?.(event);
  });
  const exit = process.exited.then((end) => fate.exit(end));
  return { process, console, fate, monitor: opened(process, qmp, deadlines.start), exit };
}

async function opened(process: QemuProcess, monitor: Qmp, deadlineMs: number): Promise<Qmp> {
  try {
    await monitor.open(deadlineMs);
    return monitor;
  } catch (error) {
    await process.kill();
    const { stderr } = await process.exited;
    throw new MachineFailure('harness-fault', `QEMU did not start: ${stderr || (error as Error).message}.`);
  }
}
