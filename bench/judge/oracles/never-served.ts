// SPDX-License-Identifier: MIT
/** No request was answered, though requests were made: what is refused stays refused. */
import { held, type Oracle, overBoots, overWindows, sum, tooFewRequests } from '../oracle.ts';

export const neverServed: Oracle = (input) =>
  overBoots(input, (view) =>
    overWindows(
      view,
      ({ ok, started }) => (ok > 0 ? `${ok} of ${started} requests were answered` : null),
      (summary) =>
        sum(view, 'ended') === 0
          ? tooFewRequests('no request ended, so none could be seen refused')
          : held(`none of ${summary} was answered`),
    ),
  );
