// SPDX-License-Identifier: MIT
/** What a guest holds between two rounds: keys, modules, objects of the slab allocator, and whether lockdep still looks. */
import { KeystormError } from '../../vm/failure.ts';
import { parseLog } from '../../vm/kernel-log/log-lines.ts';
import { type KernelReport, reportsIn } from '../../vm/kernel-log/reports.ts';
import type { Shell } from '../../vm/machine.ts';

export interface Snapshot {
  /** Keys of all users, by /proc/key-users. */
  readonly keys: number;
  readonly instantiated: number;
  /** Modules of ours that are loaded. */
  readonly modules: readonly string[];
  /** Objects by cache, after the allocator gave back what is not in use. */
  readonly slabs: Readonly<Record<string, number>>;
  /** Processes by name, without the kernel's own. */
  readonly processes: Readonly<Record<string, number>>;
  /** What programs could still be given. */
  readonly availableMiB: number;
  /** False when lockdep has switched itself off, which it does after its first report; null on a kernel that has none. */
  readonly locksWatched: boolean | null;
  /** What the kernel complained of since the look before. */
  readonly reports: readonly KernelReport[];
  /** Up to where its log was looked through, in seconds of the guest. */
  readonly seenUntil: number;
  /** True when lines after the look before were overwritten: there is more than can be seen. */
  readonly logLost: boolean;
}

/** Caches whose objects a leak on the path of an upcall would gather in. */
export const watchedSlabs = [
  ...['key_jar', 'cred_jar', 'task_struct', 'signal_cache', 'pid', 'user_namespace', 'net_namespace', 'mnt_cache'],
  ...['filp', 'dentry', 'kmalloc-32', 'kmalloc-64', 'kmalloc-96', 'kmalloc-128', 'kmalloc-192', 'kmalloc-256'],
  ...['kmalloc-512', 'kmalloc-1k', 'kmalloc-2k', 'kmalloc-4k'],
] as const;

/**
 * The kernel keeps dead keys for five minutes, and mechanisms rely on that: a revoked registration that is gone is another thing
 * than one that is revoked. So they are collected here only, when nothing happens; a key that dies makes the collector look.
 */
const collect = `
delay=$(cat /proc/sys/kernel/keys/gc_delay)
echo 0 >/proc/sys/kernel/keys/gc_delay
key=$(keyctl add user ks:collect x @u) && keyctl invalidate $key
sleep 1
echo $delay >/proc/sys/kernel/keys/gc_delay
`;

const script = `${collect}
echo '== log'; dmesg -r
echo '== users'; cat /proc/key-users
echo '== modules'; cat /proc/modules
echo '== lockdep'; [ ! -e /proc/lockdep_stats ] || cat /proc/lockdep_stats
echo '== memory'; grep MemAvailable /proc/meminfo
echo '== processes'; busybox ps -o ppid,comm
echo '== slabs'
for cache in ${watchedSlabs.join(' ')}; do
	dir=/sys/kernel/slab/$cache
	[ -d $dir ] && echo 1 >$dir/shrink && read -r objects rest <$dir/objects && echo $cache $objects
done
true
`;

/** The kernel makes two keyrings for a user who first asks for one, for ever: those of whom experiments are shall be there before they begin. */
export const usersKeyringsScript = 'for uid in 0 1000; do setpriv --reuid=$uid --clear-groups keyctl show @us; done';

/** @throws MachineFailure when the guest is gone; KeystormError (3) when it answers with something else. */
export async function takeSnapshot(shell: Shell, timeoutMs: number, seenUntil: number): Promise<Snapshot> {
  const { code, stdout, stderr } = await shell.run(script, { timeoutMs });
  if (code !== 0) throw new KeystormError(`The guest could not be looked at (status ${code}): ${stderr.trim()}`, 3);
  return parseSnapshot(stdout, seenUntil);
}

/** `seenUntil`: of the look before; below 0 for the first, which takes the log as it is. */
export function parseSnapshot(text: string, seenUntil: number): Snapshot {
  const sections = sectionsOf(text);
  const log = parseLog(sections.get('log') ?? '');
  const users = (sections.get('users') ?? '').matchAll(/^\s*\d+:\s+\d+ (\d+)\/(\d+) /gm);
  let keys = 0;
  let instantiated = 0;
  for (const [, all, done] of users) {
    keys += Number(all);
    instantiated += Number(done);
  }
  const modules = (sections.get('modules') ?? '').matchAll(/^((?:keystorm|ks_)\w*) /gm);
  const slabs = (sections.get('slabs') ?? '').matchAll(/^(\S+) (\d+)$/gm);
  const locks = sections.get('lockdep') ?? '';
  return {
    keys,
    instantiated,
    modules: [...modules].map(([, name]) => name ?? ''),
    slabs: Object.fromEntries([...slabs].map(([, name, objects]) => [name ?? '', Number(objects)])),
    processes: processesIn(sections.get('processes') ?? ''),
    availableMiB: Math.round(Number(/(\d+) kB/.exec(sections.get('memory') ?? '')?.[1] ?? 0) / 1024),
    locksWatched: locks === '' ? null : /debug_locks:\s+1$/m.test(locks),
    reports: reportsIn(log.filter(({ seconds }) => seconds > seenUntil)),
    seenUntil: log.at(-1)?.seconds ?? seenUntil,
    logLost: seenUntil >= 0 && (log[0]?.seconds ?? Number.POSITIVE_INFINITY) > seenUntil,
  };
}

/** The kernel's are children of the second process, or of none. */
function processesIn(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, parent, name = ''] of text.matchAll(/^\s*(\d+) (\S.*)$/gm)) {
    if (parent === '2' || (parent === '0' && name === 'kthreadd')) continue;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What stands behind each line `== NAME`. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^== (\w+)$/m);
  return new Map(parts.flatMap((name, index) => (index % 2 === 1 ? [[name, (parts[index + 1] ?? '').trim()]] : [])));
}
