// SPDX-License-Identifier: MIT
/** What truly happened to a fake guest, for tests that compare it with what was recorded. */
import type { FrameType } from '../../results/frames.ts';
import type { MisbehaviourKind } from './misbehaviour.ts';

/** A line that arrived at the harness's end of the link. */
export interface Delivered {
  readonly text: string;
  /** The frame that it was when it was written; null for one that never was. */
  readonly frame: { readonly n: number; readonly t: FrameType } | null;
  /** It arrived as it was written. */
  readonly intact: boolean;
}

export interface Diary {
  readonly boot: number;
  started: boolean;
  gone: boolean;
  /** How often it was told to end. */
  stops: number;
  readonly delivered: Delivered[];
  /** What went wrong, in order; what its script says and it never came to is not there. */
  readonly happened: MisbehaviourKind[];
}

export function newDiary(boot: number): Diary {
  return { boot, started: false, gone: false, stops: 0, delivered: [], happened: [] };
}
