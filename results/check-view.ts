// SPDX-License-Identifier: MIT
/** What was recorded of one block of checks in one boot, beside what was planned. */
import { type BootView, framesOf } from './boots.ts';
import type { FrameOf } from './frames.ts';
import type { CheckBlock } from './plan.ts';

export interface CheckView {
  readonly block: CheckBlock;
  readonly boot: BootView;
  /** What the checks reported, in that order. */
  readonly reports: readonly FrameOf<'check'>[];
  /** Faults that the checks injected, in the order reported. */
  readonly faults: readonly FrameOf<'check-fault'>[];
  readonly counters: FrameOf<'counters'> | null;
  readonly keys: FrameOf<'keys'> | null;
  readonly kmsg: readonly FrameOf<'kmsg'>[];
}

export function checkView(block: CheckBlock, boot: BootView): CheckView {
  const ofBlock = <T extends { cell: string | null }>(frames: readonly T[]): T[] =>
    frames.filter((frame) => frame.cell === block.id);
  return {
    block,
    boot,
    reports: ofBlock(framesOf(boot, 'check')),
    faults: ofBlock(framesOf(boot, 'check-fault')),
    counters: ofBlock(framesOf(boot, 'counters'))[0] ?? null,
    keys: ofBlock(framesOf(boot, 'keys'))[0] ?? null,
    kmsg: ofBlock(framesOf(boot, 'kmsg')),
  };
}
