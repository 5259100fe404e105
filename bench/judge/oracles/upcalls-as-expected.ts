// SPDX-License-Identifier: MIT
/**
 * There were exactly as many upcalls as the requests needed: one for each miss, none for a hit, and in a storm for one key one
 * a round. More would mean that something asked again, fewer that something was answered from where it should not.
 */
import { upcallsMade, upcallsNeeded } from '../../measure/upcalls.ts';
import { count } from '../../words.ts';
import { damageIn, held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const upcallsAsExpected: Oracle = (input) =>
  overBoots(input, (view) => {
    const [needed, made] = [upcallsNeeded(view), upcallsMade(view)];
    if (needed.count === null) return unknown(damageIn(view) ?? needed.reason);
    if (made.count === null) return unknown(made.reason);
    const seen = `${count(made.count, 'upcall')} (${made.why}), expected: ${needed.count} (${needed.why})`;
    return made.count === needed.count ? held(seen) : violated(seen);
  });
