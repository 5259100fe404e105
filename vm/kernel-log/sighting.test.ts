// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { graver, sight } from './sighting.ts';

const test = suite('sightings on a console');

/** Lines as kernel 6.1 printed them on a guest's serial console. */
const revealing = [
  ['guest-panic', 'dead', '[    3.175470] Kernel panic - not syncing: sysrq triggered crash'],
  ['out-of-memory', 'dead', '[    4.1] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled'],
  ['out-of-memory', 'dead', '[    4.1] Kernel panic - not syncing: System is deadlocked on memory'],
  ['oops', 'broken', '[    4.729599] BUG: kernel NULL pointer dereference, address: 0000000000000008'],
  ['oops', 'broken', '[    4.733636] Oops: 0002 [#1] PREEMPT SMP NOPTI'],
  ['oops', 'broken', '[    5.050778] kernel BUG at keystorm/main.c:3!'],
  ['oops', 'broken', '[    5.051693] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI'],
  [
    'oops',
    'broken',
    '[    4.904912] general protection fault, probably for non-canonical address 0x8000000000000000: 0000 [#1] PREEMPT SMP NOPTI',
  ],
  [
    'out-of-memory',
    'explains',
    '[    3.286099] Out of memory: Killed process 86 (dropbear) total-vm:4532kB, anon-rss:180kB, file-rss:4kB',
  ],
  ['hang', 'explains', '[  242.7] INFO: task ks-hammer:312 blocked for more than 120 seconds.'],
  ['hang', 'explains', '[   52.1] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [ks-hammer:312]'],
] as const;

for (const [kind, gravity, line] of revealing) {
  test(`is seen as ${kind}: ${line.replace(/^\[[^\]]*\] /, '').slice(0, 60)}`, () => {
    assert.equal(sight(line), { kind, gravity, line });
  });
}

test('sees nothing in the lines of a healthy guest', () => {
  for (const line of [
    'keystorm: ready',
    '[    4.786603] WARNING: CPU: 0 PID: 95 at keystorm/main.c:3 i+0x41/0x1000 [a]',
    '[    3.367535] reboot: Power down',
    '[   12.0] Memory cgroup out of memory: Killed process 300 (ks-agent) total-vm:4532kB',
    '[    0.041] Kernel command line: console=ttyS0 panic=-1',
  ])
    assert.is(sight(line), undefined, line);
});

test('a graver sighting replaces an earlier one, an equal one does not', () => {
  const oom = sight('[ 1.0] Out of memory: Killed process 86 (x)');
  const oops = sight('[ 2.0] Oops: 0002 [#1] PREEMPT');
  const next = sight('[ 3.0] Oops: 0002 [#2] PREEMPT');
  const panic = sight('[ 4.0] Kernel panic - not syncing: Fatal exception');
  assert.is(graver(undefined, oom), oom);
  assert.is(graver(oom, oops), oops);
  assert.is(graver(oops, next), oops);
  assert.is(graver(oops, panic), panic);
  assert.is(graver(panic, undefined), panic);
});

test.run();
