// SPDX-License-Identifier: MIT
/** Compares what a guest held before and after rounds of load that leave nothing behind if they are right. */
import { count } from '../words.ts';
import type { Finding } from './findings.ts';
import type { Leak } from './kmemleak.ts';
import type { Snapshot } from './snapshot.ts';

/** Caches that hold as many objects after a round as before: any more is a leak. Others vary with what happens to run. */
const exact: readonly string[] = ['key_jar'];

/**
 * What stayed behind between two snapshots, both after all work was over. `before` is best taken after a first round: what a kernel
 * makes once and keeps (a user's keyrings, say) is none.
 */
export function leaksBetween(before: Snapshot, after: Snapshot, where: string): Finding[] {
  const leak = (what: string): Finding => ({ kind: 'leak', where, what, lines: [] });
  const findings: Finding[] = [];
  if (after.keys > before.keys)
    findings.push(leak(`there are ${count(after.keys, 'key')}, and there were ${before.keys}`));
  for (const cache of exact) {
    const [had, has] = [before.slabs[cache], after.slabs[cache]];
    if (had !== undefined && has !== undefined && has > had)
      findings.push(leak(`the cache ${cache} holds ${count(has, 'object')}, and held ${had}`));
  }
  for (const [name, has] of Object.entries(after.processes)) {
    const had = before.processes[name] ?? 0;
    if (has > had) findings.push(leak(`of ${name} there are ${has} processes, and there were ${had}`));
  }
  return findings;
}

/** Keys that nobody will finish: looked for once all is over, for until then some may be under way. */
export function keysLeftIn(snapshot: Snapshot, where: string): Finding[] {
  const pending = snapshot.keys - snapshot.instantiated;
  if (pending <= 0) return [];
  return [{ kind: 'leak', where, what: `${count(pending, 'key')} stayed under construction`, lines: [] }];
}

/** Modules of ours, of which each round and each experiment unloads what it has loaded. */
export function modulesLeftIn(snapshot: Snapshot, where: string): Finding[] {
  const [module] = snapshot.modules;
  if (module === undefined) return [];
  return [{ kind: 'leak', where, what: `the module ${module} is still loaded`, lines: [] }];
}

export function findingOfLeak(leak: Leak, where: string): Finding {
  const what = `kmemleak found ${leak.size} bytes that nobody can reach, allocated by ${leak.comm}`;
  return { kind: 'leak', where, what, lines: leak.lines };
}

/** By how much each cache grew, most first; caches that did not are left out. */
export function growth(before: Snapshot, after: Snapshot): { readonly cache: string; readonly objects: number }[] {
  return Object.entries(after.slabs)
    .map(([cache, objects]) => ({ cache, objects: objects - (before.slabs[cache] ?? objects) }))
    .filter(({ objects }) => objects > 0)
    .sort((a, b) => b.objects - a.objects);
}
