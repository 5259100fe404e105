// SPDX-License-Identifier: MIT
/** What is told of each alert, the same in every format. */
import type { OpenAlert } from '../../results/nightly-state.ts';
import { dayOf } from '../trend/text.ts';
import type { Told } from './alerts.ts';

export interface AlertLine {
  readonly word: 'RAISED' | 'STILL OPEN' | 'RESOLVED';
  readonly alert: OpenAlert;
  /** Since when, and what the night says of it. */
  readonly said: string;
}

/** What is new first, what is over last. */
export function alertLines({ raised, open, resolved }: Told): AlertLine[] {
  return [
    ...raised.map((alert): AlertLine => ({ word: 'RAISED', alert, said: '' })),
    ...open.map(
      (alert): AlertLine => ({
        word: 'STILL OPEN',
        alert,
        said: `since ${dayOf(alert.raised)}${alert.found ? '' : `, last seen ${dayOf(alert.seen)}: tonight it could not be told`}`,
      }),
    ),
    ...resolved.map(
      (alert): AlertLine => ({
        word: 'RESOLVED',
        alert,
        said: `raised ${dayOf(alert.raised)}; ${alert.now === null ? 'not asked any more' : `now ${alert.now}`}`,
      }),
    ),
  ];
}
