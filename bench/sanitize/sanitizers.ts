// SPDX-License-Identifier: MIT
/**
 * Is every sanitizer on, and is it heard? One that is off says as little as a module without faults, so each is given a fault on
 * purpose, in a guest of its own, and must report it in words that the harness takes for a report.
 */
import { KeystormError } from '../../vm/failure.ts';
import { parseLog } from '../../vm/kernel-log/log-lines.ts';
import { reportsIn } from '../../vm/kernel-log/reports.ts';
import type { Shell } from '../../vm/machine.ts';
import { findLeaks, forgetScript } from './kmemleak.ts';

/** A fault that the probe module commits, and the report it must lead to. */
export interface Trial {
  readonly sanitizer: string;
  readonly fault: string;
  readonly report: RegExp;
}

/** In this order: a lock report ends all looking at locks, and KASAN's says that locks cannot be trusted any more. */
export const trials: readonly Trial[] = [
  { sanitizer: 'PROVE_RCU', fault: 'unprotected-rcu', report: /suspicious RCU usage/ },
  { sanitizer: 'DEBUG_ATOMIC_SLEEP', fault: 'sleep-while-atomic', report: /sleeping function called from invalid/ },
  { sanitizer: 'UBSAN', fault: 'shift-too-far', report: /UBSAN: shift-out-of-bounds/ },
  { sanitizer: 'REFCOUNT', fault: 'refcount-underflow', report: /refcount_t: underflow/ },
  { sanitizer: 'DEBUG_LIST', fault: 'list-corruption', report: /list_del corruption/ },
  { sanitizer: 'DEBUG_OBJECTS', fault: 'free-active-timer', report: /ODEBUG: free active/ },
  { sanitizer: 'PROVE_LOCKING', fault: 'lock-inversion', report: /possible circular locking dependency/ },
  { sanitizer: 'KASAN', fault: 'read-out-of-bounds', report: /KASAN: slab-out-of-bounds/ },
  { sanitizer: 'KASAN (a second report)', fault: 'use-after-free', report: /KASAN: (slab-)?use-after-free/ },
];

export interface Trying {
  readonly sanitizer: string;
  /** Empty when it was seen to work; else what came instead. */
  readonly silent: string;
}

const probe = '/sys/kernel/debug/ks_sanitizer_probe';
/** The bytes that the leaked object begins with. */
const leakedText = 'ks-leak';

/** Tries all, in a guest that is good for nothing else afterwards. */
export async function trySanitizers(shell: Shell, timeoutMs: number, tried: (name: string) => void): Promise<Trying[]> {
  const tryings = await tryFaults(trials, shell, timeoutMs, tried);
  const note = (sanitizer: string, silent: string) => {
    tryings.push({ sanitizer, silent });
    tried(sanitizer);
  };
  note('KMEMLEAK', await tryKmemleak(shell, timeoutMs));
  note('FAILSLAB', await tryFailslab(shell, timeoutMs));
  return tryings;
}

/** Those that write to the kernel's log. */
export async function tryFaults(
  wanted: readonly Trial[],
  shell: Shell,
  timeoutMs: number,
  tried: (name: string) => void = () => {},
): Promise<Trying[]> {
  const loaded = await shell.run('insmod /keystorm/ks_sanitizer_probe.ko', { timeoutMs });
  if (loaded.code !== 0)
    throw new KeystormError(`The probe of the sanitizers does not load: ${loaded.stderr.trim()}`, 3);
  const tryings: Trying[] = [];
  for (const { sanitizer, fault, report } of wanted) {
    const { stdout } = await shell.run(`dmesg -C; echo ${fault} >${probe}; dmesg -r`, { timeoutMs });
    tryings.push({ sanitizer, silent: heard(stdout, report) });
    tried(sanitizer);
  }
  return tryings;
}

/** '' if the report is there and is taken for one. */
export function heard(log: string, report: RegExp): string {
  const lines = parseLog(log);
  if (!lines.some(({ text }) => report.test(text)))
    return `the kernel said nothing of the kind (${lines.length} lines of log)`;
  const reports = reportsIn(lines);
  if (reports.some((each) => each.lines.some((line) => report.test(line)))) return '';
  return 'the kernel reported it, and the harness did not take it for a report';
}

async function tryKmemleak(shell: Shell, timeoutMs: number): Promise<string> {
  await shell.run(forgetScript, { timeoutMs });
  await shell.run(`echo leak >${probe}`, { timeoutMs });
  const leaks = await findLeaks(shell, timeoutMs);
  return leaks.some(({ lines }) => lines.some((line) => line.includes(leakedText)))
    ? ''
    : `the leak was not among the ${leaks.length} that it found`;
}

/** The first allocation of a write that makes one fails, so writing says ENOMEM; without it, it says nothing. */
async function tryFailslab(shell: Shell, timeoutMs: number): Promise<string> {
  const attempt = (nth: number) =>
    shell.run(`${failslabScript}; exec 2>&1; echo ${nth} >/proc/self/fail-nth; echo allocate >${probe}`, { timeoutMs });
  const without = await attempt(0);
  if (without.code !== 0) return `an allocation that was not to fail did: ${without.stdout.trim()}`;
  const { stdout } = await attempt(1);
  return /Cannot allocate memory/.test(stdout) ? '' : 'the allocation that was to fail did not';
}

/** Lets all allocations fail that a task asks to, also those that may wait, and says nothing about each. */
export const failslabScript =
  'for fault in failslab fail_usercopy; do echo 0 >/sys/kernel/debug/$fault/verbose; done; echo N >/sys/kernel/debug/failslab/ignore-gfp-wait';
