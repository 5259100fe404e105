// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { mostShards } from '../../results/choices.ts';
import { shardName, shardSchema } from '../../results/shards.ts';
import { suite } from '../testing/suite.ts';
import { shardOf } from './shard-option.ts';

const test = suite('a shard as an option');

const number = fc.oneof(fc.nat(5), fc.nat(2 * mostShards), fc.constantFrom(mostShards, mostShards + 1));

test('takes what the manifest takes, and nothing else', () => {
  fc.assert(
    fc.property(number, number, (index, count) => {
      const shard = { index, count };
      if (shardSchema.safeParse(shard).success) assert.equal(shardOf(shardName(shard)), shard);
      else assert.throws(() => shardOf(shardName(shard)), /such as 2\/4/);
    }),
  );
});

test('is no number alone, and no other text', () => {
  for (const text of ['', '1', '1/', '/2', '1/2/3', '-1/2', '1.5/2', ' 1/2', 'a/b'])
    assert.throws(() => shardOf(text), /such as 2\/4/, text);
});

test.run();
