// SPDX-License-Identifier: MIT
/** What is said of somebody's machine before anything is done to it: what would be changed, what stays, and what stands in the way. */
import { KeystormError } from '../failure.ts';
import type { Facts } from './facts.ts';
import { kernelVersion } from './facts.ts';

/** What a run changes, and puts back at its end. */
const changes: readonly string[] = [
  '/keystorm: a folder with the programs and modules of keystorm, and with what it takes to put things back',
  '/etc/request-key.d/keystorm.conf: rules for keys of types and names of keystorm alone',
  '/proc/sys/kernel/keys: quotas of keys are lifted (maxkeys, maxbytes, root_maxkeys, root_maxbytes)',
  '/run/keystorm.unlock: allows the modules and the runner until the next boot',
  'the kernel module keystorm: loaded for each run; while it is, upcalls of containers that have an agent go to it',
  '/sys/fs/cgroup/keystorm-*, and the controllers cpu, memory and pids at its root, where faults need them',
  'containers of keystorm (crun), their processes, namespaces and keys; a tmpfs at /run/keystorm',
];

/** What it cannot put back. */
const leftovers: readonly string[] = [
  'the kernel counts as tainted by an out-of-tree module until the next boot',
  'lines in the kernel log, the audit log and the accounting of the machine',
  'used up: numbers of keys, processes and namespaces; time of the processors while it runs',
  'a bug of the modules may crash the machine or leave processes that only a boot ends: run nothing there that you cannot lose',
];

/** Lines for a person: what would happen to the machine. */
export function preflightLines(host: string, facts: Facts): string[] {
  const gib = (facts.memory_kib / 2 ** 20).toFixed(1);
  return [
    `${host}: kernel ${facts.release} (${kernelVersion(facts)}), ${facts.processors} processors, ${gib} GiB; it is not a guest of keystorm.`,
    `It would change on ${host}, and put back at the end, also after a failure:`,
    ...changes.map((line) => `  - ${line}`),
    'It cannot put back:',
    ...leftovers.map((line) => `  - ${line}`),
    ...(facts.folder === 'ours' ? [`An earlier run has left changes on ${host}: they are put back first.`] : []),
  ];
}

/** A condition, and what to say where it is not met. */
type Demand = readonly [met: (facts: Facts) => boolean, otherwise: (host: string, facts: Facts) => string];

const demands: readonly Demand[] = [
  [
    ({ uid, sudo }) => uid === 0 || sudo,
    (host) =>
      `On ${host} root's rights are needed, and cannot be had: log in as root (ssh:root@…), or allow this user sudo without a password there.`,
  ],
  [
    ({ architecture }) => architecture === 'x86_64',
    (host, { architecture }) => `${host} is a machine of ${architecture}: the modules know x86_64 alone.`,
  ],
  [
    ({ crun, request_key, flock }) => crun && request_key && flock,
    (host, facts) => `${host} lacks programs: install them there with apt-get install ${packagesFor(facts).join(' ')}.`,
  ],
  [
    ({ groups }) => groups,
    (host) => `${host} has no cgroup2 hierarchy at /sys/fs/cgroup: boot it with systemd.unified_cgroup_hierarchy=1.`,
  ],
  [
    ({ modules_disabled }) => modules_disabled !== '1',
    (host) => `${host} loads no more modules (kernel.modules_disabled is 1) until it is booted again.`,
  ],
  [
    ({ signatures, lockdown }) => signatures !== 'Y' && !/\[(integrity|confidentiality)\]/.test(lockdown),
    (host) =>
      `${host} loads signed modules alone (secure boot or lockdown): switch that off, or take a machine without.`,
  ],
  [
    ({ user_namespaces }) => user_namespaces !== '0',
    (host) => `${host} allows no user namespaces: raise user.max_user_namespaces there.`,
  ],
  [
    ({ kernel_events }) => kernel_events !== '0',
    (host) => `On ${host} functions of the kernel cannot be traced (kernel.ftrace_enabled is 0): set it to 1.`,
  ],
  [
    ({ folder }) => folder !== 'foreign',
    (host) => `On ${host} there is a folder /keystorm that keystorm has not made: move it away.`,
  ],
];

function packagesFor({ crun, request_key, flock }: Facts): string[] {
  return [...(crun ? [] : ['crun']), ...(request_key ? [] : ['keyutils']), ...(flock ? [] : ['util-linux'])];
}

/** @throws KeystormError (2) that says what is in the way, and how to get rid of it. */
export function demandUsable(host: string, facts: Facts): void {
  for (const [met, otherwise] of demands) if (!met(facts)) throw new KeystormError(otherwise(host, facts));
}

/** A slip of the pen may name a machine; to allow that one is changed it takes its name twice. @throws KeystormError (2) */
export function demandConsent(host: string, consent: string | undefined): void {
  if (consent === host) return;
  if (consent === undefined)
    throw new KeystormError(
      `${host} is somebody's machine, and was not changed: to allow what is listed above, say --yes ${host}.`,
    );
  throw new KeystormError(
    `--yes names "${consent}", but the machine is ${host}: nothing was done. Say --yes ${host} if that one is meant.`,
  );
}
