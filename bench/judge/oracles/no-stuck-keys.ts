// SPDX-License-Identifier: MIT
/** When the cell had settled no key was left under construction. */
import { reasonOf } from '../../measure/figure.ts';
import { count } from '../../words.ts';
import { damageIn, held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const noStuckKeys: Oracle = (input) =>
  overBoots(input, (view) => {
    const stuck = view.keys?.under_construction;
    if (stuck === undefined) return unknown(damageIn(view) ?? `the keys were not reported (${reasonOf(view.boot)})`);
    // Below zero would mean that nkeys and nikeys were read across a change: not settled.
    if (stuck < 0) return unknown(`the kernel's key counts do not agree (${stuck} under construction)`);
    return stuck > 0
      ? violated(`${count(stuck, 'key')} left under construction`)
      : held('no key is left under construction');
  });
