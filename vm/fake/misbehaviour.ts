// SPDX-License-Identifier: MIT
/** What a fake guest can be told to do wrong, and where. */
import { KeystormError } from '../failure.ts';

export const misbehaviours = [
  /** The guest never says that it is up. */
  'boot-failure',
  /** The kernel panics within a cell. */
  'panic',
  /** Nothing comes any more: no frame, no beat, no console line. */
  'hang',
  /** The heart beats on, but nothing else happens. */
  'no-progress',
  /** A window's frame arrives with a flipped byte. */
  'corrupt-frame',
  /** A window's frame does not arrive. */
  'lost-frame',
  /** The channel ends in the middle of a cell. */
  'lost-connection',
  /** The runner gives up with an error frame. */
  'runner-error',
  /** Some answers came from another agent than the container's. */
  'wrong-answers',
  /** The host's helper was executed although agents answer. */
  'helper-escape',
  /** The machine does not end when it is told to. */
  'deaf',
  /** Time stands still: a guest that is busy for as long as a test needs it. */
  'freeze',
] as const;
export type MisbehaviourKind = (typeof misbehaviours)[number];

export interface Misbehaviour {
  readonly kind: MisbehaviourKind;
  /** Index of the boot. */
  readonly boot: number;
  /** Which of the boot's cells, in the order in which they run; 0 is the first. */
  readonly cell: number;
}

/**
 * Reads a script: words of the form KIND@BOOT or KIND@BOOT.CELL, separated by blanks, e.g. `panic@0.2 hang@1`.
 * @throws KeystormError (2) for anything else.
 */
export function parseScript(text: string): Misbehaviour[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, kind, boot, cell] = /^([a-z-]+)@(\d+)(?:\.(\d+))?$/.exec(word) ?? [];
      const known = misbehaviours.find((each) => each === kind);
      if (known === undefined) {
        const kinds = misbehaviours.join(', ');
        throw new KeystormError(
          `The fake machine's script says '${word}'; write KIND@BOOT.CELL, KIND one of ${kinds}.`,
        );
      }
      return { kind: known, boot: Number(boot), cell: Number(cell ?? 0) };
    });
}
