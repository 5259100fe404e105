// SPDX-License-Identifier: MIT
/** The classes of failures that are tried. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { MachineFailure } from '../../../vm/failure.ts';
import { makeBootKeys } from '../../../vm/qemu/keys.ts';
import type { QemuMachine } from '../../../vm/qemu/machine.ts';
import type { FailureClass, Moment } from './failure-class.ts';

/** Longer than any silence that a guest may keep. */
const pauseMs = 15_000;
/** A guest that is dying need not answer. */
const shellMs = 20_000;

const inGuest = (command: string) => (machine: QemuMachine) => machine.run(command, shellMs);
const loadProbe = inGuest('busybox modprobe dns_resolver && busybox insmod /keystorm/keystorm_probe.ko');
const fault = (name: string) => inGuest(`echo ${name} >/sys/module/keystorm_probe/parameters/fault`);

/** It comes after the image's own, and so in its place. */
const stumpOfInit = { path: 'init', mode: 0o100755, data: Buffer.alloc(64) };

/** Of QEMU's monitor. */
const order = (command: string) => async (machine: QemuMachine) => {
  await machine.control(command);
  return undefined;
};

/** With a shell, and so once the guest is up. */
const up: readonly Moment[] = ['start', 'window', 'between'];
/** While the runner works. */
const working: readonly Moment[] = ['window', 'between'];
const always: readonly Moment[] = ['boot', ...up];

const killRunnersSession = `kill -9 $(busybox awk '{print $4}' /proc/$(busybox pidof ks-runner)/stat)`;
const runnerFirst = 'echo 1000 >/proc/$(busybox pidof ks-runner)/oom_score_adj';
/** They start only after their agent. */
const stopRequesters = [
  `until all=$(busybox grep -l 'ks-hamme[r]' /proc/[0-9]*/cmdline); do sleep 0.02; done`,
  `for one in $all; do one=\${one#/proc/}; kill -STOP \${one%/cmdline}; done`,
].join('; ');
/** Pages that are huge are taken without being written to; the rest is. */
const eatMemory =
  'echo 1000 >/proc/sys/vm/nr_hugepages; mkdir /eaten && mount -t tmpfs -o size=4g none /eaten && dd if=/dev/zero of=/eaten/all bs=1M';
/** To little more than what is in it; what cells leave free again is taken at once. */
const fillWorkplace = [
  `set -- $(busybox df -k /run/keystorm | tail -n 1) && mount -o remount,size=$(($3 + 64))k /run/keystorm`,
  `setsid sh -c 'while sleep 0.05; do cat /dev/zero; done >/run/keystorm/full' >/dev/null 2>&1 </dev/null &`,
].join('; ');

export const failureClasses: readonly FailureClass[] = [
  {
    name: 'guest-panic',
    acceptable: 'guest-panic',
    variants: [
      { name: 'sysrq', moments: up, inject: inGuest('echo c >/proc/sysrq-trigger') },
      {
        name: 'unknown NMI',
        moments: ['boot', 'window'],
        change: () => ({ words: ['unknown_nmi_panic'] }),
        inject: nmiUntilDead,
      },
    ],
  },
  {
    name: 'stuck-panic',
    acceptable: 'guest-panic',
    variants: [
      {
        name: 'sysrq, panic=0',
        moments: up,
        change: () => ({ words: ['panic=0'] }),
        inject: inGuest('echo c >/proc/sysrq-trigger'),
      },
    ],
  },
  {
    name: 'oops',
    acceptable: 'oops',
    variants: [{ name: 'NULL pointer', moments: up, prepare: loadProbe, inject: fault('oops') }],
  },
  {
    name: 'silent-hang',
    acceptable: 'hang',
    variants: [
      { name: 'interrupts off', moments: up, prepare: loadProbe, inject: fault('silent-hang') },
      // Without the ability that would say so.
      { name: 'stopped unasked', moments: ['boot', 'window'], inject: order('stop') },
    ],
  },
  {
    name: 'soft-lockup',
    acceptable: 'hang',
    variants: [
      {
        name: 'preemption off',
        moments: up,
        // The watchdog complains after twice as long: before the harness does.
        prepare: async (machine) => {
          await machine.run('echo 2 >/proc/sys/kernel/watchdog_thresh', shellMs);
          await loadProbe(machine);
        },
        inject: fault('lockup'),
      },
    ],
  },
  {
    name: 'lost-connection',
    acceptable: 'lost-connection',
    variants: [
      { name: 'session killed', moments: working, inject: inGuest(killRunnersSession) },
      { name: 'sshd killed', moments: up, inject: inGuest('kill -9 $(busybox pidof dropbear)') },
    ],
  },
  {
    name: 'out-of-memory',
    acceptable: 'out-of-memory',
    variants: [
      {
        name: 'runner killed',
        moments: working,
        inject: inGuest(`${runnerFirst}; echo f >/proc/sysrq-trigger`),
      },
      { name: 'memory eaten', moments: ['window'], firstCell: true, inject: inGuest(`${runnerFirst}; ${eatMemory}`) },
    ],
  },
  {
    name: 'out-of-disk',
    acceptable: 'out-of-disk',
    variants: [{ name: 'workplace full', moments: ['window'], firstCell: true, inject: inGuest(fillWorkplace) }],
  },
  {
    name: 'timeout',
    acceptable: 'timeout',
    variants: [{ name: 'requesters stopped', moments: ['window'], firstCell: true, inject: inGuest(stopRequesters) }],
  },
  {
    name: 'boot-failure',
    acceptable: 'boot-failure',
    variants: [
      { name: 'no such init', moments: [], change: () => ({ words: ['rdinit=/nowhere'] }) },
      { name: 'no keys', moments: [], change: () => ({ keys: { ...makeBootKeys(), entries: [] } }) },
      { name: 'init cut short', moments: [], change: () => ({ keys: { ...makeBootKeys(), entries: [stumpOfInit] } }) },
    ],
  },
  {
    name: 'killed-qemu',
    acceptable: 'harness-fault',
    variants: [{ name: 'SIGKILL', moments: always, inject: killQemu }],
  },
  {
    name: 'pause',
    acceptable: null,
    variants: [
      {
        name: 'by its monitor',
        moments: always,
        inject: async ({ abilities: { pause } }) => {
          await pause?.pause();
          await sleep(pauseMs);
          await pause?.resume();
          return undefined;
        },
      },
      {
        name: 'QEMU stopped',
        moments: always,
        inject: async (machine) => {
          process.kill(pidOf(machine), 'SIGSTOP');
          await sleep(pauseMs);
          process.kill(pidOf(machine), 'SIGCONT');
          return undefined;
        },
      },
      { name: 'harness stopped', moments: always, inject: stopOurselves },
    ],
  },
];

/** A kernel that has not yet set up its interrupt controller takes none. */
async function nmiUntilDead(machine: QemuMachine): Promise<undefined> {
  for (let tries = 0; tries < 20; tries++) {
    await machine.control('inject-nmi');
    await sleep(500);
  }
}

async function killQemu(machine: QemuMachine): Promise<undefined> {
  process.kill(pidOf(machine), 'SIGKILL');
}

function pidOf({ pid }: QemuMachine): number {
  if (pid === undefined) throw new MachineFailure('harness-fault', 'QEMU does not run.');
  return pid;
}

/** Somebody else has to do it: who stands still continues nobody. */
async function stopOurselves(): Promise<undefined> {
  const script = 'kill -STOP "$0"; sleep "$1"; kill -CONT "$0"';
  await once(spawn('sh', ['-c', script, String(process.pid), String(pauseMs / 1_000)], { stdio: 'ignore' }), 'exit');
}
