// SPDX-License-Identifier: MIT
import { InvalidArgumentError } from 'commander';
import { mostShards, type Shard, shardSchema } from '../../results/shards.ts';

/** For commander: a shard as `2/4`, counted from 1. */
export function shardOf(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const parsed = shardSchema.safeParse({ index: Number(index), count: Number(count) });
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It must be i/n with i from 1 to n, and n at most ${mostShards}, such as 2/4.`);
}
