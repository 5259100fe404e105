// SPDX-License-Identifier: MIT
/**
 * The reports of a Linux kernel, from 6.1 to 7.2. In order: the first row whose line fits decides. Lines are anchored to how the
 * kernel begins them: firmware bugs, notes on mitigations ("Spectre V2 : WARNING: …"), a program's segfault and taint notices
 * are ordinary boot noise.
 */
import type { FailureKind } from '../failure.ts';
import type { Gravity, Pattern, Place } from './pattern.ts';

const failure = (kind: FailureKind, gravity: Gravity) => ({ kind, gravity });
const oops = failure('oops', 'broken');
const stuck = failure('hang', 'explains');

/** The processor was stopped where it happened. */
const stopped: readonly Place[] = ['rip', 'trace'];

const panics: readonly Pattern[] = [
  {
    kind: 'out-of-memory panic',
    line: /^(?:---\[ end )?Kernel panic - not syncing: (?<why>Out of memory|System is deadlocked on memory)/,
    complaint: 'panic',
    failure: failure('out-of-memory', 'dead'),
    title: 'kernel panic: {why}',
  },
  {
    kind: 'panic that follows',
    line: /^(?:---\[ end )?Kernel panic - not syncing: (?<why>Fatal exception|Fatal hardware error|.*panic_on_warn set|hung_task: blocked tasks|softlockup: hung tasks|RCU Stall|Hard LOCKUP|Watchdog detected hard LOCKUP|system warned too often)/,
    complaint: 'panic',
    failure: failure('guest-panic', 'dead'),
    title: 'kernel panic: {why}',
    follows: true,
  },
  {
    kind: 'stack protector panic',
    line: /^(?:---\[ end )?Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: (?<f>[\w.]+)\+0x/,
    complaint: 'panic',
    failure: failure('guest-panic', 'dead'),
    title: 'kernel panic: stack is corrupted{in}',
    places: ['line'],
  },
  {
    // Only a guest that is still booting can say so.
    kind: 'panic without an init',
    line: /^(?:---\[ end )?Kernel panic - not syncing: (?<words>(?:VFS: Unable to mount root fs|No working init found|Requested init ).*?)(?: \]---)?$/,
    complaint: 'panic',
    failure: failure('boot-failure', 'dead'),
    title: 'kernel panic: {words}',
  },
  {
    kind: 'panic',
    line: /^(?:---\[ end )?Kernel panic - not syncing(?:: (?<words>.*?))?(?: \]---)?$/,
    complaint: 'panic',
    failure: failure('guest-panic', 'dead'),
    title: 'kernel panic: {words}',
  },
];

const lockups: readonly Pattern[] = [
  {
    kind: 'soft lockup',
    line: /^(?:watchdog: |NMI watchdog: )?BUG: soft lockup - CPU#\d+ stuck/,
    complaint: 'lockup',
    failure: stuck,
    title: 'soft lockup{in}',
    places: stopped,
  },
  {
    kind: 'hard lockup',
    line: /^(?:watchdog: |NMI watchdog: )(?:CPU\d+: )?Watchdog detected hard LOCKUP/,
    complaint: 'lockup',
    failure: stuck,
    title: 'hard lockup{in}',
    places: stopped,
  },
  {
    kind: 'RCU stall of tasks',
    line: /^(?:rcu: )?INFO: rcu_tasks\w* detected stalls? on tasks/,
    complaint: 'RCU stall',
    failure: stuck,
    title: 'INFO: rcu detected stall of tasks{in}',
    places: ['trace'],
  },
  {
    kind: 'RCU stall',
    line: /^(?:rcu: )?INFO: \w+ (?:self-)?detected (?:expedited )?stalls?\b/,
    complaint: 'RCU stall',
    failure: stuck,
    title: 'INFO: rcu detected stall{in}',
    places: stopped,
  },
  {
    kind: 'RCU kthread starved',
    line: /^(?:rcu: )?(?:\w*rcu\w*|Unless \w+) kthread (?<why>starved|timer wakeup)/,
    complaint: 'RCU stall',
    title: 'INFO: rcu kthread {why}',
    places: ['trace'],
  },
  {
    kind: 'hung task',
    line: /^INFO: task .+ blocked (?:for more than|on|in I\/O)/,
    complaint: 'hung task',
    failure: stuck,
    title: 'INFO: task hung{in}',
    places: ['trace'],
  },
  {
    kind: 'workqueue lockup',
    line: /^BUG: workqueue lockup\b/,
    complaint: 'BUG',
    failure: stuck,
    title: 'BUG: workqueue lockup',
  },
];

const sanitizers: readonly Pattern[] = [
  {
    kind: 'KASAN',
    // 6.4 began to tell the slab's memory from other; the same fault is to have the same title before and after.
    line: /^BUG: KASAN: (?:slab-(?=use-after-free))?(?<what>[\w-]+) in (?<f>[\w.]+)/,
    complaint: 'sanitizer report',
    failure: oops,
    title: 'KASAN: {what} {access}{in}',
    detail: /^(?<access>Read|Write) of size /,
    places: ['line', 'trace'],
    ends: 'rule',
  },
  {
    kind: 'KFENCE',
    line: /^BUG: KFENCE: (?<what>[\w -]+) in (?<f>[\w.]+)/,
    complaint: 'sanitizer report',
    failure: oops,
    title: 'KFENCE: {what}{in}',
    places: ['line', 'trace'],
    ends: 'rule',
  },
  {
    kind: 'KCSAN',
    line: /^BUG: KCSAN: (?<what>[\w: -]+) in (?<f>[\w.]+)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?(?: \[\w+\])?(?: \/ (?<other>[\w.]+))?/,
    complaint: 'sanitizer report',
    title: 'KCSAN: {what}{in} / {other}',
    places: ['line'],
    ends: 'rule',
  },
  {
    kind: 'KMSAN',
    line: /^BUG: KMSAN: (?<what>[\w-]+) in (?<f>[\w.]+)/,
    complaint: 'sanitizer report',
    title: 'KMSAN: {what}{in}',
    places: ['line', 'trace'],
    ends: 'rule',
  },
  {
    kind: 'UBSAN',
    line: /^UBSAN: (?<what>[\w-]+)/,
    complaint: 'sanitizer report',
    title: 'UBSAN: {what}{in}',
    places: ['trace'],
    ends: 'rule',
  },
];

const locks: readonly Pattern[] = [
  {
    kind: 'lock order of interrupts',
    line: /^WARNING: (?<what>(?:SOFT|HARD)IRQ-(?:READ-)?safe -> (?:SOFT|HARD)IRQ-(?:READ-)?unsafe) lock order/,
    complaint: 'lock report',
    title: '{what} lock order{in}',
    places: ['lock', 'trace'],
  },
  {
    kind: 'lock dependency',
    line: /^WARNING: (?<what>possible (?:circular|recursive|irq)[\w -]*?|inconsistent lock state)(?: detected\b.*)?$/,
    complaint: 'lock report',
    title: '{what}{in}',
    places: ['lock', 'trace'],
  },
  {
    kind: 'lock report in other words',
    line: /^WARNING: (?<words>possible (?:circular|recursive|irq).*|inconsistent lock.*|.*(?:lock order|-unsafe lock).*)/,
    complaint: 'lock report',
    title: '{words}',
  },
  {
    kind: 'suspicious RCU usage',
    line: /^WARNING: suspicious RCU usage/,
    complaint: 'lock report',
    title: 'suspicious RCU usage{in}',
    places: ['trace'],
  },
  {
    kind: 'lock balance',
    line: /^WARNING: (?<what>bad unlock balance|bad contention|held lock freed|lock held when returning to user space)/,
    complaint: 'lock report',
    title: '{what}{in}',
    places: ['lock', 'trace'],
  },
  {
    kind: 'lock nesting',
    line: /^WARNING: (?<what>Nested lock was not taken)/,
    complaint: 'lock report',
    title: '{what}{in}',
    places: ['trace'],
  },
  {
    kind: 'wait context',
    line: /^\[ BUG: Invalid wait context \]/,
    complaint: 'lock report',
    title: 'BUG: Invalid wait context{in}',
    places: ['lock', 'trace'],
  },
  {
    kind: 'non-static key',
    line: /^INFO: trying to register non-static key/,
    complaint: 'lock report',
    title: 'INFO: trying to register non-static key{in}',
    places: ['trace'],
  },
  {
    kind: 'lockdep off',
    line: /^INFO: lockdep is turned off/,
    complaint: 'lock report',
    title: 'INFO: lockdep is turned off',
  },
  {
    kind: 'lockdep at its limits',
    line: /^BUG: (?<what>MAX_LOCK\w+) /,
    complaint: 'lock report',
    title: 'BUG: {what} too low',
  },
  {
    kind: 'lockdep broken',
    line: /^DEBUG_LOCKS_WARN_ON/,
    complaint: 'lock report',
    title: 'DEBUG_LOCKS_WARN_ON{in}',
    places: stopped,
  },
];

const memory: readonly Pattern[] = [
  {
    kind: 'refcount',
    line: /^refcount_t: (?<what>[\w ;-]+)/,
    complaint: 'refcount',
    title: 'refcount_t: {what}{in}',
    places: stopped,
  },
  {
    kind: 'list corruption',
    line: /^(?<what>list_(?:add|del)(?:_entry)? (?:corruption|double add))/,
    complaint: 'list corruption',
    title: '{what}{in}',
    places: stopped,
  },
  {
    kind: 'ODEBUG',
    line: /^ODEBUG: (?<what>[\w ]+?) \(active state \d+\) object(?:: \S+ object)? type: (?<type>\w+)/,
    complaint: 'WARN',
    title: 'ODEBUG: {what} {type}{in}',
    places: stopped,
  },
  {
    kind: 'bad page',
    line: /^BUG: Bad page (?<what>state|map|cache)/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: Bad page {what}{in}',
    places: ['trace'],
  },
  {
    kind: 'slab corruption',
    line: /^(?:slab: )?BUG \S+ \(.*?\): (?<what>[\w ]+)/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: slab: {what}{in}',
    places: ['trace'],
  },
  {
    kind: 'memory leak',
    line: /^kmemleak: \d+ new suspected memory leaks?/,
    complaint: 'memory leak',
    title: 'kmemleak: suspected memory leak',
    ends: 'line',
  },
  {
    kind: 'page allocation failure',
    line: /^[^ ]+: page allocation failure: order:/,
    complaint: 'page allocation failure',
    failure: failure('out-of-memory', 'explains'),
    title: 'page allocation failure{in}',
    places: ['trace'],
  },
  {
    kind: 'out-of-memory kill',
    line: /^Out of memory: Killed process/,
    failure: failure('out-of-memory', 'explains'),
    title: 'out of memory: a process was killed',
    ends: 'line',
  },
  {
    kind: 'initramfs does not fit',
    line: /^Initramfs unpacking failed: write error/,
    failure: failure('out-of-memory', 'explains'),
    title: 'Initramfs unpacking failed: write error',
    ends: 'line',
  },
  {
    kind: 'initramfs is broken',
    line: /^Initramfs unpacking failed: (?<words>.*)/,
    failure: failure('boot-failure', 'explains'),
    title: 'Initramfs unpacking failed: {words}',
    ends: 'line',
  },
  {
    kind: 'init is broken',
    line: /^(?:Failed to execute|Starting init:) \/\S+ .*\(error -\d+\)/,
    failure: failure('boot-failure', 'explains'),
    title: 'init could not be executed',
    ends: 'line',
  },
];

const oopses: readonly Pattern[] = [
  {
    kind: 'NULL pointer',
    line: /^BUG: (?:unable to handle )?kernel NULL pointer/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: kernel NULL pointer dereference{in}',
    places: stopped,
  },
  {
    kind: 'page fault',
    line: /^BUG: unable to handle/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: unable to handle page fault{in}',
    places: stopped,
  },
  {
    kind: 'page fault elsewhere than on x86',
    line: /^Unable to handle kernel/,
    complaint: 'oops',
    failure: oops,
    title: 'BUG: unable to handle page fault{in}',
    places: ['trace'],
  },
  {
    kind: 'execution of data',
    line: /^kernel tried to execute/,
    complaint: 'oops',
    failure: oops,
    title: 'kernel tried to execute data{in}',
    places: stopped,
  },
  {
    kind: 'kernel BUG',
    line: /^kernel BUG at /,
    complaint: 'BUG',
    failure: oops,
    title: 'kernel BUG{in}',
    places: stopped,
  },
  {
    kind: 'general protection fault',
    line: /^(?:Oops: )?general protection fault\b/,
    complaint: 'oops',
    failure: oops,
    title: 'general protection fault{in}',
    places: stopped,
  },
  {
    kind: 'trap',
    line: /^(?:Oops: )?(?<trap>invalid opcode|divide error|stack segment|double fault|int3|alignment check|invalid TSS|segment not present|control protection): /,
    complaint: 'oops',
    failure: oops,
    title: '{trap}{in}',
    places: stopped,
  },
  {
    kind: 'oops',
    line: /^Oops(?:: |\b.*\[#\d+\])/,
    complaint: 'oops',
    failure: oops,
    title: 'Oops{in}',
    places: stopped,
  },
];

const bugs: readonly Pattern[] = [
  {
    kind: 'sleeping function',
    line: /^BUG: sleeping function called from invalid context/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: sleeping function called from invalid context{in}',
    places: ['trace'],
  },
  {
    kind: 'scheduling while atomic',
    line: /^(?:BUG|bad): scheduling while atomic/,
    complaint: 'BUG',
    failure: oops,
    title: 'BUG: scheduling while atomic{in}',
    places: ['trace'],
  },
  {
    kind: 'BUG',
    line: /^(?:watchdog: |NMI watchdog: |rcu: )?(?:BUG: |BUG \S+ \(|Bad page|bad: scheduling)(?<words>.*)/,
    complaint: 'BUG',
    title: 'BUG: {words}{in}',
    places: stopped,
  },
];

const warnings: readonly Pattern[] = [
  {
    kind: 'WARNING',
    // To 6.18 "CPU: 0 PID: 77 at file:1 f+0x…"; from 6.19 on "file:1 at f+0x…, CPU#0: comm/77".
    line: /^WARNING: (?:[^+]* )?at (?:[^ +]+:\d+ )?(?<f>[\w.]+)\+0x/,
    complaint: 'WARN',
    title: 'WARNING{in}',
    places: ['line', 'trace'],
  },
  {
    kind: 'WARNING in other words',
    line: /^(?:watchdog: |NMI watchdog: |rcu: |slab: )?WARNING: (?<words>.*)/,
    complaint: 'WARN',
    title: 'WARNING: {words}',
  },
];

const others: readonly Pattern[] = [
  {
    kind: 'unchecked MSR access',
    line: /^unchecked MSR access error: (?<what>RDMSR|WRMSR) .*?\((?<f>[\w.]+)\+0x|^unchecked MSR access error/,
    complaint: 'unchecked MSR access',
    title: 'unchecked MSR access: {what}{in}',
    places: ['line', 'trace'],
  },
  {
    kind: 'namespace leak',
    line: /^unregister_netdevice: waiting for .+ to become free/,
    complaint: 'namespace leak',
    title: 'unregister_netdevice: waiting for a device to become free',
    ends: 'line',
  },
  {
    kind: 'out of disk',
    // A program says it, in whatever words of its own.
    line: /No space left on device/,
    failure: failure('out-of-disk', 'explains'),
    title: 'no space left on device',
    ends: 'line',
  },
];

export const patterns: readonly Pattern[] = [
  ...panics,
  ...lockups,
  ...sanitizers,
  ...locks,
  ...memory,
  ...oopses,
  ...bugs,
  ...warnings,
  ...others,
];

/** The row that knows a line (without its time stamp). */
export function patternOf(text: string): Pattern | undefined {
  return patterns.find(({ line }) => line.test(text));
}
