// SPDX-License-Identifier: MIT
/** What a fake guest can be told to do wrong, and where. */
import { KeystormError } from '../failure.ts';

/** What is wrong with a boot as a whole. */
export const wrongBoots = [
  /** Its process cannot be started. */
  'start-failure',
  /** The guest never says that it is up. */
  'boot-failure',
  /** The guest is up, and its runner cannot be reached. */
  'no-channel',
  /** The machine does not end when it is told to. */
  'deaf',
] as const;

/** What is wrong with the answers in a cell. */
export const wrongCells = [
  /** Some answers came from another agent than the container's. */
  'wrong-answers',
  /** The host's helper was executed although agents answer. */
  'helper-escape',
] as const;

/** What happens at one moment. */
export const wrongMoments = [
  /** The kernel panics, and the guest is gone. */
  'panic',
  /** The kernel panics and does not reset: the console shows it, and nothing comes any more. */
  'stuck-panic',
  /** The kernel reports on its console that it broke, and goes on. */
  'oops',
  /** The guest resets itself without a word. */
  'reboot',
  /** Nothing comes any more: no frame, no beat, no console line. */
  'hang',
  /** It is paused for a minute, as by somebody else at its machine, and goes on. */
  'pause',
  /** The heart beats on, but nothing else happens. */
  'no-progress',
  /** A frame arrives with a flipped bit. */
  'corrupt-frame',
  /** A frame does not arrive. */
  'lost-frame',
  /** A frame arrives twice. */
  'repeat-frame',
  /** A line arrives that is no frame, as of a program that the runner started. */
  'noise',
  /** From now on lines come late and in pieces. */
  'slow-link',
  /** The channel ends between two lines. */
  'lost-connection',
  /** The channel ends within a line. */
  'torn-line',
  /** The runner gives up with an error frame. */
  'runner-error',
  /** Time stands still: a guest that is busy for as long as a test needs it. */
  'freeze',
] as const;
export type WrongMoment = (typeof wrongMoments)[number];

export const misbehaviours = [...wrongBoots, ...wrongCells, ...wrongMoments] as const;
export type MisbehaviourKind = (typeof misbehaviours)[number];

export interface Misbehaviour {
  readonly kind: MisbehaviourKind;
  /** Index of the boot. */
  readonly boot: number;
  /** Which of the boot's cells, in the order in which they run; 0 is the first. A moment is that after the cell's first window. */
  readonly cell: number;
  /** Of a moment: before this frame of the boot, wherever that is; then `cell` means nothing. */
  readonly frame?: number;
}

/** True for what happens at one moment. */
export function isMoment(kind: MisbehaviourKind | undefined): kind is WrongMoment {
  return wrongMoments.some((each) => each === kind);
}

/**
 * Reads a script: words of the form KIND@BOOT, KIND@BOOT.CELL or KIND@BOOT#FRAME, separated by blanks, e.g. `panic@0.2 hang@1#17`.
 * @throws KeystormError (2) for anything else.
 */
export function parseScript(text: string): Misbehaviour[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, kind, boot, cell, frame] = /^([a-z-]+)@(\d+)(?:\.(\d+)|#(\d+))?$/.exec(word) ?? [];
      const known = misbehaviours.find((each) => each === kind);
      if (known === undefined || (frame !== undefined && !isMoment(known))) {
        const kinds = misbehaviours.join(', ');
        throw new KeystormError(
          `The fake machine's script says '${word}'; write KIND@BOOT.CELL, or of a moment KIND@BOOT#FRAME, KIND one of ${kinds}.`,
        );
      }
      const at = { kind: known, boot: Number(boot), cell: Number(cell ?? 0) };
      return frame === undefined ? at : { ...at, frame: Number(frame) };
    });
}

/** The script that is read as these. */
export function scriptText(script: readonly Misbehaviour[]): string {
  return script
    .map(({ kind, boot, cell, frame }) => `${kind}@${boot}${frame === undefined ? `.${cell}` : `#${frame}`}`)
    .join(' ');
}
