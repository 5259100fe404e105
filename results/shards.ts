// SPDX-License-Identifier: MIT
/**
 * A plan can be carried out in parts, each by a process of its own that knows nothing of the others. Which boots are whose follows
 * from the plan alone, so that nobody has to hand them out, and whoever puts the parts together again can tell what is missing.
 */
import { z } from 'zod';
import { hashJson, type Json } from '../vm/hash.ts';
import { cellsInBoot, checksInBoot } from './boots.ts';
import { mostShards } from './choices.ts';
import type { Manifest } from './manifest.ts';
import type { BootPlan, Plan } from './plan.ts';

export const shardSchema = z
  .strictObject({
    /** From 1. */
    index: z.int().min(1).max(mostShards),
    count: z.int().min(1).max(mostShards),
  })
  .refine(({ index, count }) => index <= count, 'there is no such shard');
/** One of `count` parts of a plan. */
export type Shard = z.infer<typeof shardSchema>;

/** As users type it and read it, e.g. `2/4`. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The plan's blocks, in the order in which each has its first boot. Boots of a block are compared with one another. */
export function blocksOf({ boots }: Pick<Plan, 'boots'>): BootPlan[][] {
  const blocks = new Map<number, BootPlan[]>();
  for (const boot of boots) blocks.set(boot.block, [...(blocks.get(boot.block) ?? []), boot]);
  return [...blocks.values()];
}

/** The boots of a shard, in the plan's order: every `count`-th block, whole. None where the plan has fewer blocks than `index`. */
export function bootsOfShard(plan: Pick<Plan, 'boots'>, { index, count }: Shard): BootPlan[] {
  const own = new Set(
    blocksOf(plan)
      .filter((_, position) => position % count === index - 1)
      .flat(),
  );
  return plan.boots.filter((boot) => own.has(boot));
}

/** A shard's part as a plan of its own: its boots, and the cells and checks that are in them. It must have a boot. */
export function planOfShard(plan: Plan, shard: Shard): Plan {
  const boots = bootsOfShard(plan, shard);
  const cells = new Set(boots.flatMap((boot) => cellsInBoot(plan, boot)));
  const checks = new Set(boots.flatMap((boot) => checksInBoot(plan, boot)));
  return {
    ...plan,
    boots,
    cells: plan.cells.filter((cell) => cells.has(cell)),
    checks: plan.checks.filter((block) => checks.has(block)),
  };
}

/** sha256, hexadecimal: the same for plans that say the same, however their files are written. */
export function planHash(plan: Plan): string {
  return hashJson(JSON.parse(JSON.stringify(plan)) as Json);
}

/** The name of the host that did a boot: of a run that was put together of shards, that of its shard. */
export function hostOf({ plan, host, merged }: Pick<Manifest, 'plan' | 'host' | 'merged'>): (boot: number) => string {
  const names = new Map<number, string>();
  for (const shard of merged?.shards ?? []) {
    const boots = bootsOfShard(plan, { index: shard.index, count: merged?.count ?? 1 });
    for (const { index } of boots) names.set(index, shard.host.name);
  }
  return (boot) => names.get(boot) ?? host.name;
}
