// SPDX-License-Identifier: MIT
/** What a harness that was killed may leave behind on its host: processes, namespaces, mounts, temporary folders, keys. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What of it there is at one moment, each as a line that can be compared with another moment's. */
export type Belongings = ReadonlySet<string>;

export interface Places {
  /** The run's folder, which need not be there yet. */
  readonly run: string;
  readonly cache: string;
}

const namespaceKinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const;

/** Namespaces in use, mounts, temporary folders and boot keys, of whomever on this host. */
export function belongings({ run, cache }: Places): Belongings {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Set([
    ...pids.flatMap((pid) => namespaceKinds.flatMap((kind) => linkOf(`/proc/${pid}/ns/${kind}`))),
    ...textOf('/proc/self/mountinfo')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `mount ${line.split(' ')[4]}`),
    ...namesIn(tmpdir(), /^keystorm-/),
    ...['tmp', 'products'].flatMap((name) => namesIn(path.join(cache, name), /^\.unfinished-/)),
    ...namesIn(run, /^boot-/).flatMap((boot) => namesIn(boot, /^initrd-with-keys$/)),
  ]);
}

/** Of `pid` and all its descendants, by pid and start: another process of the same pid is another line. */
export function familyOf(pid: number): string[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const family: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const next = queue.shift() as number;
    family.push(next);
    queue.push(...(parents.get(next) ?? []));
  }
  return family.flatMap((each) => {
    const stat = statOf(each);
    return stat === undefined ? [] : [`${each} ${stat.start}`];
  });
}

/** Those of a family that are still there; a zombie, which only waits to be heard of, is not. */
export function living(family: readonly string[]): string[] {
  return family.filter((line) => {
    const [pid, start] = line.split(' ');
    const stat = statOf(Number(pid));
    return stat !== undefined && stat.start === start && stat.state !== 'Z';
  });
}

function statOf(pid: number): { readonly parent: number; readonly start: string; readonly state: string } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = rest[17];
  return state === undefined || start === undefined ? undefined : { parent: Number(parent), start, state };
}

function linkOf(file: string): string[] {
  try {
    return [`namespace ${readlinkSync(file)}`];
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(dir: string, wanted: RegExp): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => wanted.test(name))
    .map((name) => path.join(dir, name));
}
