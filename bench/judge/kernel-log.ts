// SPDX-License-Identifier: MIT
/**
 * Which lines of a kernel log are complaints. Patterns are anchored to how the kernel begins them: firmware bugs, mitigations'
 * notes ("... WARNING: ..." after a prefix), a program's segfault and taint notices are ordinary boot noise.
 */

interface Complaint {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Subsystems that put their name before a report. */
const prefix = '^(?:watchdog: |NMI watchdog: |rcu: |slab: )?';

const complaints: readonly Complaint[] = [
  {
    what: 'lock report',
    pattern:
      /^WARNING: (possible (circular|recursive|irq)|inconsistent lock|suspicious RCU|bad unlock|held lock|lock held|Nested lock|.*(lock order|-unsafe lock))/,
  },
  {
    what: 'lock report',
    pattern: /^(INFO: trying to register non-static key|INFO: lockdep is turned off|DEBUG_LOCKS_WARN_ON|BUG: MAX_LOCK)/,
  },
  { what: 'sanitizer report', pattern: /^BUG: K(ASAN|CSAN|MSAN|FENCE):/ },
  { what: 'sanitizer report', pattern: /^UBSAN:/ },
  { what: 'memory leak', pattern: /^kmemleak: \d+ new suspected memory leaks?/ },
  { what: 'refcount', pattern: /^refcount_t: / },
  { what: 'hung task', pattern: /^INFO: task .+ blocked (for more than|on|in I\/O)/ },
  { what: 'RCU stall', pattern: new RegExp(`${prefix}INFO: .*(self-)?detected.* stalls?\\b`) },
  { what: 'RCU stall', pattern: /rcu.*kthread (starved|timer wakeup)/ },
  { what: 'lockup', pattern: /^(watchdog: |NMI watchdog: )(BUG: soft lockup|Watchdog detected hard LOCKUP)/ },
  { what: 'list corruption', pattern: /^list_(add|del) (corruption|double)/ },
  { what: 'unchecked MSR access', pattern: /^unchecked MSR access error/ },
  {
    what: 'oops',
    pattern:
      /^(Oops: |Oops\b.*\[#\d+\]|general protection fault|divide error: |invalid opcode: |stack segment: |Unable to handle kernel|kernel tried to execute)/,
  },
  { what: 'panic', pattern: /^Kernel panic - / },
  { what: 'BUG', pattern: new RegExp(`${prefix}(BUG: |BUG \\S+ \\(|kernel BUG at |Bad page|bad: scheduling)`) },
  { what: 'WARN', pattern: new RegExp(`${prefix}WARNING: `) },
  { what: 'page allocation failure', pattern: /^[^ ]+: page allocation failure: order:/ },
  { what: 'namespace leak', pattern: /^unregister_netdevice: waiting for .+ to become free/ },
];

/** What the runner writes in the place of records the kernel overwrote before it could read them. */
export const recordsLost = 'keystorm: kernel log records were overwritten before they could be read';

/** KERN_EMERG and KERN_ALERT: whatever they say, something broke. */
const alwaysBad = 1;

/** Why a line is a complaint; null if it is ordinary. `level` is the kernel's, 0 (emergency) to 7 (debug). */
export function complaintOf(level: number, text: string): string | null {
  const found = complaints.find(({ pattern }) => pattern.test(text));
  if (found !== undefined) return found.what;
  return level <= alwaysBad ? `level ${level}` : null;
}

/** The first complaint among lines of a kmsg frame ([level, µs, text]), and how many lines are complaints. */
export function findComplaint(
  lines: readonly (readonly [number, number, string])[],
): { readonly what: string; readonly line: string; readonly count: number } | null {
  let first: { what: string; line: string } | null = null;
  let count = 0;
  for (const [level, , text] of lines) {
    const what = complaintOf(level, text);
    if (what === null) continue;
    first ??= { what, line: text };
    count++;
  }
  return first === null ? null : { ...first, count };
}
