// SPDX-License-Identifier: MIT
/** The host's helper was never executed while the cell ran. */

import { times } from '../../words.ts';
import { helperExecs } from '../helper-execs.ts';
import { held, type Oracle, overBoots, violated } from '../oracle.ts';

export const noHostHelper: Oracle = (input) =>
  overBoots(input, (view) => {
    const execs = helperExecs(view);
    if ('unknown' in execs) return execs.unknown;
    if (execs.count !== 0) return violated(`/sbin/request-key was executed ${times(execs.count)}`);
    return held('/sbin/request-key was not executed once');
  });
