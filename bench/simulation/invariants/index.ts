// SPDX-License-Identifier: MIT
import type { Outcome } from '../world.ts';
import { bootsInTurn, ends, leavesNothing, refusesWithReason, stopsGuests } from './ending.ts';
import { failuresFit } from './failing.ts';
import type { Invariant } from './invariant.ts';
import { nothingFailsFromCrashes, nothingHeldFromNothing, soundIsPass, wrongAnswersAreSeen } from './judging.ts';
import { bootsAreClosed, cutIsPrefix, heardIsKept, keptIsFound, statusIsTrue } from './keeping.ts';
import { figuresAreWhole, nothingMeasuredFromNothing } from './measuring.ts';
import { takenUpIsWhole } from './taking-up.ts';

/** Everything that must be so after a campaign, whatever was drawn. */
export const invariants: readonly Invariant[] = [
  ends,
  leavesNothing,
  refusesWithReason,
  stopsGuests,
  bootsInTurn,
  heardIsKept,
  keptIsFound,
  cutIsPrefix,
  bootsAreClosed,
  statusIsTrue,
  failuresFit,
  nothingHeldFromNothing,
  nothingFailsFromCrashes,
  wrongAnswersAreSeen,
  soundIsPass,
  takenUpIsWhole,
  figuresAreWhole,
  nothingMeasuredFromNothing,
];

/** What is wrong with an outcome, each with its invariant's name; empty if nothing is. */
export function complaintsAbout(outcome: Outcome): string[] {
  return invariants.flatMap(({ name, complaints }) => complaints(outcome).map((complaint) => `${name}: ${complaint}`));
}
