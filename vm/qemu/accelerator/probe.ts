// SPDX-License-Identifier: MIT
/** Boots a tiny guest: the only proof that an accelerator works. A /dev/kvm can be there, open, make machines, and boot nothing. */
import { settledWithin } from '../../bounded.ts';
import { ConsoleLines } from '../../console-lines.ts';
import { makePipe } from '../../host/pipe.ts';
import { QemuProcess } from '../process.ts';
import type { KvmVerdict } from './verdict.ts';

/** A working KVM boots the tiny guest in about a second. Long enough for a busy host, short enough to be waited for once. */
export const probeDeadlineMs = 20_000;
const bootedLine = 'keystorm: booted';

/** What became of a probe, however it went; QEMU is gone by then. */
export interface ProbeEnd {
  /** The guest said its word on the console. */
  readonly spoke: boolean;
  /** QEMU's exit status; null when it was ended by a signal, by us at the deadline above all. */
  readonly status: number | null;
  readonly timedOut: boolean;
  /** What QEMU wrote to its standard error. */
  readonly stderr: string;
  /** Last console lines. */
  readonly console: readonly string[];
}

/** Runs `program` with `args` for at most `deadlineMs`, in the folder `cwd`, where a core file of it would land. */
export async function bootTinyGuest(
  program: string,
  args: readonly string[],
  cwd: string,
  deadlineMs = probeDeadlineMs,
): Promise<ProbeEnd> {
  const qemu = new QemuProcess(program, args, await makePipe(), cwd);
  const console = new ConsoleLines(qemu.console);
  let spoke = false;
  console.onLine((line) => {
    spoke ||= line === bootedLine;
  });
  // Nothing is asked of the monitor; unread, what it says would be kept.
  qemu.monitor.on('error', () => undefined);
  qemu.monitor.resume();
  const timedOut = !(await settledWithin(qemu.exited, deadlineMs));
  if (timedOut) await qemu.kill();
  const { code, stderr } = await qemu.exited;
  return { spoke, status: code, timedOut, stderr, console: console.tail };
}

/** What the end of a probe says of KVM. */
export function verdictOf(end: ProbeEnd, now: Date, deadlineMs = probeDeadlineMs): KvmVerdict {
  const decidedAt = now.toISOString();
  // Having spoken is not enough: a guest that cannot be turned off has not gone through its whole life.
  if (end.spoke && end.status === 0)
    return { outcome: 'boots', detail: 'a tiny guest booted and powered off', decidedAt };
  const last = end.console.at(-1);
  if (end.timedOut) {
    const state = end.spoke ? 'did not power off' : `said ${last === undefined ? 'nothing' : `only "${last.trim()}"`}`;
    return { outcome: 'hung', detail: `a tiny guest ${state} within ${deadlineMs / 1000} s`, decidedAt };
  }
  const reason = reasonIn(end.stderr) ?? last?.trim() ?? `status ${end.status ?? 'none'}`;
  return { outcome: 'died', detail: `QEMU ended while a tiny guest booted: ${reason}`, decidedAt };
}

/** The line of QEMU's standard error that tells most. */
function reasonIn(stderr: string): string | undefined {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^qemu-system-\w+: /, '').trim())
    .filter((line) => line !== '');
  return (lines.find((line) => /error|fail|could not|denied/i.test(line)) ?? lines.at(-1))?.slice(0, 200);
}
