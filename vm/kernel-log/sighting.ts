// SPDX-License-Identifier: MIT
/** What a kernel's console lines say about its state. Written once, above all backends. */
import type { FailureKind } from '../failure.ts';
import { parseConsoleLine } from './log-lines.ts';
import type { Gravity } from './pattern.ts';
import { patternOf } from './patterns.ts';
import type { Fault } from './title.ts';

export interface Sighting {
  readonly kind: FailureKind;
  readonly gravity: Gravity;
  /** The line that said so. */
  readonly line: string;
  /** What is to be known of it from the whole report; absent where a line is all there is. */
  readonly fault?: Fault;
}

const gravities: readonly Gravity[] = ['explains', 'broken', 'dead'];

/** What a line of a console reveals, if anything. */
export function sight(line: string): Sighting | undefined {
  return parseConsoleLine(line, 0)
    .map(({ text }) => sightIn(text, line))
    .reduce(graver, undefined);
}

/** Likewise of one part of it, without its time stamp; `line` is what is quoted. */
export function sightIn(text: string, line: string): Sighting | undefined {
  const failure = patternOf(text)?.failure;
  return failure === undefined ? undefined : { ...failure, line: line.trim() };
}

/** Of two sightings the graver; of equal ones the earlier, which is nearer to the cause. */
export function graver<S extends Sighting>(earlier: S | undefined, later: S | undefined): S | undefined {
  if (earlier === undefined || later === undefined) return earlier ?? later;
  return gravities.indexOf(later.gravity) > gravities.indexOf(earlier.gravity) ? later : earlier;
}
