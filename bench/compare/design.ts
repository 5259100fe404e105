// SPDX-License-Identifier: MIT
/** Which boots belong together: told from when they were measured, not from what anybody says of it. */
import type { BootView } from '../../results/boots.ts';
import { hostOf } from '../../results/shards.ts';
import { KeystormError } from '../../vm/failure.ts';
import { hostsOf } from './hosts.ts';
import { isCounted, type Side, type Sides } from './side.ts';

/** Boots by their index. */
export interface Block {
  readonly base: readonly number[];
  readonly new: readonly number[];
}

export interface Design {
  /**
   * 'same-boot': base and new in every boot. 'interleaved': block after block, in each of which both were measured before the next one began.
   * 'separate': one run and then the other, or both at once. 'same-layout': guests that count instructions, for which it does not matter when;
   * boots of the same seed.
   */
  readonly kind: 'same-boot' | 'interleaved' | 'separate' | 'same-layout';
  /** Boots that came to their end. Of 'separate' there is one block of all. */
  readonly blocks: readonly Block[];
  /** Boots that are in no block: their guest failed, or they were never done, or the other side of their block is lacking. */
  readonly left: Block;
  /** A boot of base was measured while one of new was, by the same host. */
  readonly atOnce: boolean;
}

/** @throws KeystormError (4) if boots were measured in turn and the two sides have no block in common that came to its end. */
export function designOf({ kind, base, new: other }: Sides): Design {
  if (kind === 'mechanisms') {
    const blocks = finished(base.boots).map(({ plan }) => ({ base: [plan.index], new: [plan.index] }));
    const left = indices(base.boots.filter((boot) => !boot.finished));
    return { kind: 'same-boot', blocks, left: { base: left, new: left }, atOnce: false };
  }
  if (isCounted(base) && isCounted(other)) return sameLayouts(base, other);
  const hosts = new Set([base, other].flatMap(({ run }) => hostsOf(run.manifest).map(({ name }) => name)));
  const atOnce = overlap(base, other);
  // Of several hosts, those of a block's sides may have been two: their difference would cancel in nothing.
  const inTurn = hosts.size === 1 && !atOnce && areInTurn(base.boots, other.boots);
  const all: Block = { base: indices(finished(base.boots)), new: indices(finished(other.boots)) };
  const blocks = inTurn ? pairedBlocks(base.boots, other.boots) : [all];
  if (blocks.length === 0)
    throw new KeystormError(
      `No block came to its end on both sides: of ${base.run.dir} and ${other.run.dir} there is nothing to compare.`,
      4,
    );
  const unused = (boots: readonly BootView[], used: readonly number[]) =>
    indices(boots).filter((index) => !used.includes(index));
  return {
    kind: inTurn ? 'interleaved' : 'separate',
    blocks,
    left: {
      base: unused(
        base.boots,
        blocks.flatMap((block) => block.base),
      ),
      new: unused(
        other.boots,
        blocks.flatMap((block) => block.new),
      ),
    },
    atOnce,
  };
}

/** @throws KeystormError: 2 if no seed is in both, 4 if no such boot came to its end on both sides. */
function sameLayouts(base: Side, other: Side): Design {
  const bySeed = (boots: readonly BootView[]) => new Map(boots.map(({ plan }) => [plan.seed, plan.index]));
  const inNew = bySeed(finished(other.boots));
  const blocks = [...bySeed(finished(base.boots))].flatMap(([seed, index]) => {
    const twin = inNew.get(seed);
    return twin === undefined ? [] : [{ base: [index], new: [twin] }];
  });
  if (blocks.length === 0) {
    const known = bySeed(other.boots);
    if (!base.boots.some(({ plan }) => known.has(plan.seed)))
      throw new KeystormError(
        `The runs have no layout in common (base has seed ${base.run.manifest.seed}, new ${other.run.manifest.seed}): measure both with the same --seed.`,
      );
    throw new KeystormError(
      `No layout came to its end on both sides: of ${base.run.dir} and ${other.run.dir} there is nothing to compare.`,
      4,
    );
  }
  const left = (boots: readonly BootView[], side: 'base' | 'new') =>
    indices(boots).filter((index) => !blocks.some((block) => block[side].includes(index)));
  return {
    kind: 'same-layout',
    blocks,
    left: { base: left(base.boots, 'base'), new: left(other.boots, 'new') },
    atOnce: false,
  };
}

function pairedBlocks(base: readonly BootView[], other: readonly BootView[]): Block[] {
  const numbers = [...new Set(base.map(({ plan }) => plan.block))];
  const ofBlock = (boots: readonly BootView[], block: number) =>
    indices(finished(boots).filter(({ plan }) => plan.block === block));
  return numbers
    .map((block) => ({ base: ofBlock(base, block), new: ofBlock(other, block) }))
    .filter((block) => block.base.length > 0 && block.new.length > 0);
}

/** Every block was over, on both sides, before the next one began; and there are several that have both. */
function areInTurn(base: readonly BootView[], other: readonly BootView[]): boolean {
  const begun = [...base, ...other]
    .filter(({ start }) => start !== null)
    .map((boot) => ({ block: boot.plan.block, at: startOf(boot) }))
    .sort((a, b) => a.at - b.at);
  const order = begun.map(({ block }) => block).filter((block, i, all) => block !== all[i - 1]);
  const both = (block: number) =>
    [base, other].every((boots) => boots.some((boot) => boot.start !== null && boot.plan.block === block));
  return new Set(order).size === order.length && order.filter(both).length > 1;
}

function overlap(base: Side, other: Side): boolean {
  const spans = ({ run, boots }: Side) => {
    const host = hostOf(run.manifest);
    return boots.flatMap((boot) =>
      boot.start === null || boot.end === null
        ? []
        : [{ host: host(boot.plan.index), from: startOf(boot), to: Date.parse(boot.end.at) }],
    );
  };
  const others = spans(other);
  return spans(base).some((one) =>
    others.some((two) => one.host === two.host && one.from < two.to && two.from < one.to),
  );
}

/** By the host's wall clock, in ms: the only one that two runs share. */
function startOf({ start }: BootView): number {
  return start === null ? Number.NaN : Date.parse(start.at);
}

function finished(boots: readonly BootView[]): BootView[] {
  return boots.filter((boot) => boot.finished);
}

function indices(boots: readonly BootView[]): number[] {
  return boots.map(({ plan }) => plan.index);
}
