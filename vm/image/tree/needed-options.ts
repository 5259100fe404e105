// SPDX-License-Identifier: MIT
/** What a kernel must be configured with to be a guest of ours, as data: each option with who needs it. */

interface Need {
  readonly option: string;
  /** Built in or, where that will do, as a module. */
  readonly as: 'y' | 'y or m' | 'not set';
  readonly why: string;
}

const needs: readonly Need[] = [
  { option: 'KEYS', as: 'y', why: 'what is measured' },
  { option: 'MODULES', as: 'y', why: 'our module' },
  { option: 'MODULE_UNLOAD', as: 'y', why: 'our module' },
  { option: 'TRIM_UNUSED_KSYMS', as: 'not set', why: 'our module' },
  { option: 'MODULE_SIG_FORCE', as: 'not set', why: 'our module' },
  { option: 'KALLSYMS_ALL', as: 'y', why: 'our module' },
  { option: 'KPROBES', as: 'y', why: 'our module' },
  { option: 'FUNCTION_TRACER', as: 'y', why: 'our module' },
  { option: 'DYNAMIC_FTRACE_WITH_ARGS', as: 'y', why: 'our module' },
  { option: 'BLK_DEV_INITRD', as: 'y', why: 'the root file system' },
  { option: 'BINFMT_ELF', as: 'y', why: 'every program' },
  { option: 'BINFMT_SCRIPT', as: 'y', why: 'the first process' },
  { option: 'MULTIUSER', as: 'y', why: 'requesters that are not root' },
  { option: 'FUTEX', as: 'y', why: 'every program' },
  { option: 'EPOLL', as: 'y', why: 'sshd and crun' },
  { option: 'SIGNALFD', as: 'y', why: 'agents' },
  { option: 'EVENTFD', as: 'y', why: 'the floors' },
  { option: 'TIMERFD', as: 'y', why: 'every program' },
  { option: 'MEMFD_CREATE', as: 'y', why: 'crun' },
  { option: 'PROC_FS', as: 'y', why: 'the first process' },
  { option: 'SYSFS', as: 'y', why: 'the first process' },
  { option: 'TMPFS', as: 'y', why: 'the first process' },
  { option: 'DEVTMPFS', as: 'y', why: 'the first process' },
  { option: 'DEBUG_FS', as: 'y', why: 'the first process' },
  { option: 'UNIX98_PTYS', as: 'y', why: 'the first process' },
  { option: 'NAMESPACES', as: 'y', why: 'containers' },
  { option: 'UTS_NS', as: 'y', why: 'containers' },
  { option: 'IPC_NS', as: 'y', why: 'containers' },
  { option: 'USER_NS', as: 'y', why: 'containers' },
  { option: 'PID_NS', as: 'y', why: 'containers' },
  { option: 'NET_NS', as: 'y', why: 'containers' },
  { option: 'CGROUPS', as: 'y', why: 'containers' },
  { option: 'POSIX_MQUEUE', as: 'y', why: 'containers' },
  { option: 'SECCOMP', as: 'y', why: 'crun' },
  { option: 'SECCOMP_FILTER', as: 'y', why: 'crun' },
  { option: 'SERIAL_8250', as: 'y', why: 'the console' },
  { option: 'SERIAL_8250_CONSOLE', as: 'y', why: 'the console' },
  { option: 'PCI', as: 'y', why: 'the network device' },
  { option: 'NET', as: 'y', why: 'the way into the guest' },
  { option: 'UNIX', as: 'y', why: 'the way into the guest' },
  { option: 'INET', as: 'y', why: 'the way into the guest' },
  { option: 'VIRTIO_PCI', as: 'y or m', why: 'the network device' },
  { option: 'VIRTIO_NET', as: 'y or m', why: 'the network device' },
];

/** What some scenarios need; the others do without. */
const wishes = ['DNS_RESOLVER', 'VETH', 'BRIDGE', 'DUMMY'] as const;

/** The options of a `.config` that are set, without their prefix: 'y', 'm', or a value as it stands there. */
export function readConfig(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** With which a program can have an allocation of its own fail, or a copy, without a word in the kernel's log: all of them. */
export const failingOptions = [
  // A file for it in each thread's folder of /proc.
  'FAULT_INJECTION',
  'FAILSLAB',
  'FAULT_INJECTION_USERCOPY',
  // Files that say which allocations fail, and how loudly.
  'FAULT_INJECTION_DEBUG_FS',
] as const;

/** Whether a program can have an allocation of its own fail. */
export function hasFailslab(config: ReadonlyMap<string, string>): boolean {
  return failingOptions.every((name) => config.get(name) === 'y');
}

/** What is missing, as lines of a `.config`, each with who needs it; empty when nothing is. */
export function unmetNeeds(config: ReadonlyMap<string, string>): string[] {
  return needs
    .filter((need) => !isMet(need, config.get(need.option)))
    .map(({ option, as, why }) => `${wanted(option, as)} (${why})`);
}

/** Options that only some scenarios miss. */
export function unmetWishes(config: ReadonlyMap<string, string>): string[] {
  return wishes.filter((option) => !config.has(option)).map((option) => `CONFIG_${option}`);
}

function isMet({ as }: Need, value: string | undefined): boolean {
  if (as === 'not set') return value === undefined;
  return value === 'y' || (as === 'y or m' && value === 'm');
}

function wanted(option: string, as: Need['as']): string {
  if (as === 'not set') return `CONFIG_${option} not set`;
  return `CONFIG_${option}=${as}`;
}

/** Options without which no guest runs; each will do built in. */
export function requiredOptions(): string[] {
  return needs.filter(({ as }) => as !== 'not set').map(({ option }) => option);
}
