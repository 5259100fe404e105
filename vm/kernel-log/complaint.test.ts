// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { complaintOf } from './complaint.ts';

const test = suite('complaints of a kernel');

const bad: readonly (readonly [string, string])[] = [
  ['WARN', 'WARNING: CPU: 0 PID: 77 at security/keys/keyring.c:100 key_link+0x1/0x2 [keystorm]'],
  ['WARN', 'WARNING: security/keys/keyring.c:100 at key_link+0x1/0x2, CPU#0: ks-agent/77'],
  ['lock report', 'WARNING: possible circular locking dependency detected'],
  ['lock report', 'WARNING: possible recursive locking detected'],
  ['lock report', 'WARNING: possible irq lock inversion dependency detected'],
  ['lock report', 'WARNING: inconsistent lock state'],
  ['lock report', 'WARNING: suspicious RCU usage'],
  ['lock report', 'WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected'],
  ['lock report', 'WARNING: lock held when returning to user space!'],
  ['lock report', 'INFO: trying to register non-static key.'],
  ['lock report', 'DEBUG_LOCKS_WARN_ON(1)'],
  ['sanitizer report', 'BUG: KASAN: slab-use-after-free in key_put+0x1/0x2'],
  ['sanitizer report', 'BUG: KFENCE: use-after-free read in key_put+0x1/0x2'],
  ['sanitizer report', 'UBSAN: array-index-out-of-bounds in security/keys/key.c:1:2'],
  ['BUG', 'BUG: kernel NULL pointer dereference, address: 0000000000000008'],
  ['BUG', 'BUG: unable to handle page fault for address: ffffffffc0000000'],
  ['BUG', 'BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580'],
  ['BUG', 'BUG: scheduling while atomic: ks-hammer/77/0x00000002'],
  ['BUG', 'BUG kmalloc-64 (Tainted: G           O     ): Poison overwritten'],
  ['BUG', 'BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 43s!'],
  ['BUG', 'kernel BUG at mm/slub.c:379!'],
  ['oops', 'Oops: 0000 [#1] PREEMPT SMP PTI'],
  ['oops', 'Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP'],
  ['oops', 'general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]'],
  ['panic', 'Kernel panic - not syncing: Fatal exception'],
  ['lockup', 'watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [ks-hammer:77]'],
  ['lockup', 'NMI watchdog: Watchdog detected hard LOCKUP on cpu 0'],
  ['hung task', 'INFO: task ks-hammer:77 blocked for more than 120 seconds.'],
  ['RCU stall', 'rcu: INFO: rcu_preempt self-detected stall on CPU'],
  ['RCU stall', 'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'],
  ['RCU stall', 'rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-... }'],
  ['RCU stall', 'INFO: rcu_tasks detected stalls on tasks:'],
  ['RCU stall', 'rcu: rcu_preempt kthread starved for 5250 jiffies! g1 f0x0 RCU_GP_WAIT_FQS(5)'],
  ['refcount', 'refcount_t: underflow; use-after-free.'],
  ['list corruption', 'list_del corruption. prev->next should be ffff, but was 0000'],
  ['unchecked MSR access', 'unchecked MSR access error: RDMSR from 0x10a at rIP: 0xffffffff81000000'],
  ['memory leak', 'kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)'],
  ['page allocation failure', 'ks-hammer: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL), nodemask=(null)'],
  ['namespace leak', 'unregister_netdevice: waiting for lo to become free. Usage count = 2'],
];

const ordinary = [
  'Linux version 6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org)',
  '[Firmware Bug]: TSC_DEADLINE disabled due to Errata',
  'ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0], AE_NOT_FOUND',
  'Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible',
  'MDS CPU bug present and SMT on, data leak possible',
  'Warning: unable to open an initial console.',
  'keystorm: loading out-of-tree module taints kernel.',
  'keystorm: module verification failed: signature and/or required key missing - tainting kernel',
  'ks-agent[77]: segfault at 0 ip 0000 sp 0000 error 4 in ks-agent[400000+1000]',
  'traps: ks-agent[77] general protection fault ip:401000 sp:7ffe error:0 in ks-agent[400000+1000]',
  "clocksource: timekeeping watchdog on CPU0: Marking clocksource 'tsc' as unstable",
  'hrtimer: interrupt took 5012345 ns',
  'perf: interrupt took too long (2510 > 2500), lowering kernel.perf_event_max_sample_rate to 79000',
  'sched: RT throttling activated',
  'NMI watchdog: Perf NMI watchdog permanently disabled',
  'rcu: Hierarchical SRCU implementation.',
  'rcu: \tOffload RCU callbacks from CPUs: (none).',
  'Unknown kernel command line parameters "nokaslr", will be passed to user space.',
  'workqueue: free_fair_sched_group hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND',
  'kprobes: kprobe jump-optimization is enabled. All kprobes are optimized if possible.',
  'Freeing unused kernel image (initmem) memory: 2612K',
  'debug: BUG: is a word of a program here',
];

test('every kind of complaint is told from the line it begins with', () => {
  for (const [what, line] of bad) assert.is(complaintOf(4, line), what, line);
});

test('ordinary boot noise is none', () => {
  for (const line of ordinary) for (const level of [2, 4, 6]) assert.is(complaintOf(level, line), null, line);
});

test('an emergency or alert is a complaint whatever it says', () => {
  assert.is(complaintOf(0, 'something'), 'level 0');
  assert.is(complaintOf(1, 'something'), 'level 1');
  assert.is(complaintOf(2, 'something'), null);
});

test.run();
