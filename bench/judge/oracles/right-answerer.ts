// SPDX-License-Identifier: MIT
/** Every answer came from whom the mechanism names, and was the answer to that request. */

import { count } from '../../words.ts';
import { held, noneAnswered, type Oracle, overBoots, overWindows, sum } from '../oracle.ts';

export const rightAnswerer: Oracle = (input) =>
  overBoots(input, (view) =>
    overWindows(
      view,
      ({ wrong, ok }) =>
        wrong > 0 ? `${wrong} of ${ok} answers came from the wrong answerer or were for another request` : null,
      (summary) =>
        sum(view, 'ok') === 0
          ? noneAnswered(view.windows, `no answer to judge among ${summary}`)
          : held(`${count(sum(view, 'ok'), 'answer')} to ${summary}, all from the right answerer`),
    ),
  );
