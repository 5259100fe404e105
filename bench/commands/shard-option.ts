// SPDX-License-Identifier: MIT
import { InvalidArgumentError } from 'commander';
import { mostShards } from '../../results/choices.ts';
import type { Shard } from '../../results/shards.ts';

/** For commander: a shard as `2/4`, counted from 1. */
export function shardOf(text: string): Shard {
  const words = /^(\d+)\/(\d+)$/.exec(text)?.slice(1);
  const [index = 0, count = 0] = words?.map(Number) ?? [];
  if (index >= 1 && index <= count && count <= mostShards) return { index, count };
  throw new InvalidArgumentError(`It must be i/n with i from 1 to n, and n at most ${mostShards}, such as 2/4.`);
}
