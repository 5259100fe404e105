// SPDX-License-Identifier: MIT
/** The hosts that measured a run: of one that was put together of shards, those of its shards. */
import type { Manifest } from '../../results/manifest.ts';

/** What of a host decides about figures. */
export const hostFields = ['name', 'cpuModel', 'cpus'] as const;
export type Host = Pick<Manifest['host'], (typeof hostFields)[number]>;

/** Each once, in order of their names, so that the same hosts are the same list. */
export function hostsOf({ host, merged }: Pick<Manifest, 'host' | 'merged'>): Host[] {
  const hosts = new Map<string, Host>();
  for (const { name, cpuModel, cpus } of merged === undefined ? [host] : merged.shards.map((shard) => shard.host))
    hosts.set(JSON.stringify([name, cpuModel, cpus]), { name, cpuModel, cpus });
  return [...hosts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
