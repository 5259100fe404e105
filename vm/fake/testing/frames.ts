// SPDX-License-Identifier: MIT
/** For tests: the frames of the fake guest for small plans. */
import * as assert from 'uvu/assert';
import { renderGuestPlan } from '../../../bench/plan/guest-plan.ts';
import { type Frame, type FrameOf, type FrameType, frameSchema } from '../../../results/frames.ts';
import type { CellPlan, Plan } from '../../../results/plan.ts';
import { aPlan } from '../../../results/testing/plans.ts';
import { Runner } from '../guest.ts';
import { parseGuestPlan } from '../guest-plan.ts';
import { numbered } from '../pen.ts';

/** What a fake guest says of one cell; service times do not vary, so that what is expected can be reckoned. */
export function framesOf(cell: CellPlan): Frame[] {
  return framesOfPlan(aPlan([cell], 1));
}

/** Likewise of the first boot of a plan. */
export function framesOfPlan(plan: Plan): Frame[] {
  const [boot] = plan.boots;
  assert.ok(boot);
  const guestPlan = parseGuestPlan(renderGuestPlan(plan, boot));
  const options = { kernelRelease: 'x', cmdline: 'x', smp: 1, misbehaviour: () => undefined };
  // cos(2π · 0.25) is 0: the middle of the distribution, always.
  const events = [...new Runner(guestPlan, { ...options, unit: () => 0.25 }).run()];
  const frames = events.flatMap((event, n) => (event.kind === 'frame' ? [numbered(n, event.body)] : []));
  for (const frame of frames) assert.ok(frameSchema.safeParse(frame).success, JSON.stringify(frame).slice(0, 300));
  return frames;
}

/** Those of one type. */
export function of<T extends FrameType>(frames: readonly Frame[], type: T): FrameOf<T>[] {
  return frames.filter((frame): frame is FrameOf<T> => frame.t === type);
}

export function first<T>(all: readonly T[]): T {
  assert.ok(all.length > 0);
  return all[0] as T;
}
