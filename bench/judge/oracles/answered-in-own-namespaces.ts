// SPDX-License-Identifier: MIT
/** Every answer came from the requester's own user namespace: the point of having agents in containers at all. */

import { count } from '../../words.ts';
import { held, noneAnswered, type Oracle, overBoots, overWindows, sum } from '../oracle.ts';

export const answeredInOwnNamespaces: Oracle = (input) =>
  overBoots(input, (view) =>
    overWindows(
      view,
      ({ foreign_ns, ok }) =>
        foreign_ns > 0 ? `${foreign_ns} of ${ok} answers came from another user namespace` : null,
      (summary) =>
        sum(view, 'ok') === 0
          ? noneAnswered(view.windows, `no answer to judge among ${summary}`)
          : held(`${count(sum(view, 'ok'), 'answer')} to ${summary}, all from the requester's user namespace`),
    ),
  );
