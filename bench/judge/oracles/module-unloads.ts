// SPDX-License-Identifier: MIT
/** The module could be removed after the last cell of the boot: nothing of it was still in use. Judged for the whole boot. */
import { framesOf } from '../../../results/boots.ts';
import { reasonOf } from '../../measure/figure.ts';
import { count } from '../../words.ts';
import { damageIn, held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const moduleUnloads: Oracle = (input) =>
  overBoots(input, ({ boot, ...view }) => {
    const unload = framesOf(boot, 'unload')[0];
    if (unload === undefined) {
      return unknown(damageIn({ boot, ...view }) ?? `unloading was not reported (${reasonOf(boot)})`);
    }
    const refs = `${count(unload.refcount_before, 'reference')} before`;
    if (!unload.ok) return violated(`rmmod failed with ${unload.errno ?? 'an unnamed error'} (${refs})`);
    return held(`removed in ${(unload.ns / 1e6).toFixed(1)} ms (${refs})`);
  });
