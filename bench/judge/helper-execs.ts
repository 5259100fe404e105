// SPDX-License-Identifier: MIT
/** How often the host's helper was executed while a cell ran, by the module's count over all processes. */
import type { CellView } from '../../results/cell-view.ts';
import { reasonOf } from '../measure/figure.ts';
import { damageIn, unknown } from './oracle.ts';
import type { Finding } from './verdict.ts';

export function helperExecs(view: CellView): { readonly count: number } | { readonly unknown: Finding } {
  const count = view.counters?.delta.helper_execs;
  if (count !== undefined) return { count };
  if (view.counters !== null) return { unknown: unknown('the counter helper_execs was not reported') };
  return { unknown: unknown(damageIn(view) ?? `the counters were not reported (${reasonOf(view.boot)})`) };
}
