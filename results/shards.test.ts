// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { manifestSchema } from './manifest.ts';
import { planSchema } from './plan.ts';
import { blocksOf, bootsOfShard, hostOf, planHash, planOfShard, shardSchema } from './shards.ts';
import { aCell, aManifest, aPlan } from './testing/plans.ts';
import { anyPlan } from './testing/shards.ts';

const test = suite('shards of a plan');

const shardsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));

test('for any plan and any number of them, each boot is in one, no block is in two, and none has much more than another', () => {
  fc.assert(
    fc.property(anyPlan, fc.integer({ min: 1, max: 9 }), (plan, count) => {
      const shards = shardsOf(count).map((shard) => bootsOfShard(plan, shard));
      assert.equal(
        shards.flat().sort((a, b) => a.index - b.index),
        plan.boots,
      );
      const shardsOfBlock = new Map<number, Set<number>>();
      for (const [i, boots] of shards.entries()) {
        assert.equal(
          boots,
          plan.boots.filter((boot) => boots.includes(boot)),
          'in the order of the plan',
        );
        for (const { block } of boots) shardsOfBlock.set(block, (shardsOfBlock.get(block) ?? new Set()).add(i));
      }
      assert.ok([...shardsOfBlock.values()].every(({ size }) => size === 1));
      const sizes = shards.map((boots) => new Set(boots.map(({ block }) => block)).size);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
    }),
  );
});

test('a part is a plan with its own boots, and with what is done in them', () => {
  const plan = aPlan([aCell(), aCell({ id: 'c1' })], 2);
  const [first, second] = plan.boots;
  assert.ok(first && second);
  const only = (cell: string) => [{ kind: 'cell' as const, cell }];
  const apart = {
    ...plan,
    boots: [
      { ...first, steps: only('c0') },
      { ...second, steps: only('c1') },
    ],
  };
  const part = planSchema.parse(planOfShard(apart, { index: 2, count: 2 }));
  assert.equal(part.boots, [apart.boots[1]]);
  assert.equal(part.cells, [apart.cells[1]]);
});

test('a plan is known by what it says, not by how its file is written', () => {
  const plan = aPlan([aCell()], 3);
  const turned = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  assert.is(planHash(turned), planHash(plan));
  assert.is(planHash({ ...plan, kernelTree: undefined }), planHash(plan));
  assert.is.not(planHash({ ...plan, seed: plan.seed + 1 }), planHash(plan));
});

test('there is no shard 0 of 2, none 3 of 2, and none of a plan with fewer blocks', () => {
  for (const index of [0, 3]) assert.not(shardSchema.safeParse({ index, count: 2 }).success);
  const plan = aPlan([aCell()], 2);
  assert.is(blocksOf(plan).length, 2);
  const of = (count: number) => manifestSchema.safeParse({ ...aManifest(plan), shard: { index: 1, count } }).success;
  assert.equal([of(2), of(3)], [true, false]);
});

test('each boot was done by the host of its shard', () => {
  const manifest = aManifest(aPlan([aCell()], 3));
  assert.is(hostOf(manifest)(2), 'testhost');
  const { runId, createdAt, tool, host } = manifest;
  const on = (index: number, name: string) => {
    return { index, runId, createdAt, tool, host: { ...host, name }, resumptions: 0, problems: [] };
  };
  const merged = { ...manifest, merged: { count: 2, shards: [on(1, 'one'), on(2, 'two')] } };
  assert.equal([0, 1, 2].map(hostOf(manifestSchema.parse(merged))), ['one', 'two', 'one']);
  const wrong = { ...manifest, merged: { count: 2, shards: [on(2, 'two'), on(1, 'one')] } };
  assert.not(manifestSchema.safeParse(wrong).success);
});

test.run();
