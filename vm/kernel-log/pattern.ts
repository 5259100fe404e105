// SPDX-License-Identifier: MIT
/** What is known of one kind of report: a row of the table in patterns.ts. */
import type { FailureKind } from '../failure.ts';

/**
 * How far a line goes. 'dead': nothing runs any more. 'broken': the guest goes on, but nothing it says can be trusted.
 * 'explains': no failure by itself (a scenario may provoke it), but the reason if the guest is then lost.
 */
export type Gravity = 'dead' | 'broken' | 'explains';

/** Where the function is named in which it happened. */
export type Place =
  /** In the line itself, as the group `f`. */
  | 'line'
  /** `RIP: 0010:f+0x1/0x2`. */
  | 'rip'
  /** The first lock's `, at: f+0x1/0x2`, or a return address in brackets: how lockdep says where. */
  | 'lock'
  /** The first frame of the call trace. */
  | 'trace';

/**
 * With what a report ends. 'trace': with its call trace. 'rule': with a line of equals signs, after the call trace and what else
 * is known. 'line': it has one line only.
 */
export type End = 'trace' | 'rule' | 'line';

export interface Pattern {
  readonly kind: string;
  /** The line with which the kernel begins to say it, without time stamp. */
  readonly line: RegExp;
  /** What the judge calls it; without, it is nothing to complain about. */
  readonly complaint?: string;
  /** What it means for a guest on whose console it stands; without, nothing. */
  readonly failure?: { readonly kind: FailureKind; readonly gravity: Gravity };
  /** `{name}` is the group of `line` or `detail`; `{in}` is " in" and the function, or nothing where that is not known. */
  readonly title: string;
  /** Where to look for the function, in this order. */
  readonly places?: readonly Place[];
  /** A line of the report that belongs into the title. */
  readonly detail?: RegExp;
  /** 'trace' unless something else is said. */
  readonly ends?: End;
  /** It only follows from what the kernel reported just before, and that is what went wrong. */
  readonly follows?: true;
}
