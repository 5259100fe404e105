// SPDX-License-Identifier: MIT
/** What the harness itself took of the host while windows were open: it shares its processors with the guest. */
import type { BootView } from '../../results/boots.ts';
import { type Figure, type Measured, missing, reasonOf } from './figure.ts';
import type { Dimensions } from './metric.ts';

/** harness.cpu_share of a boot: processor time over wall time, so 1 is one processor; all windows together. */
export function harnessFigures(boot: BootView, dimensions: Dimensions): Figure[] {
  if (boot.plan.steps.every(({ kind }) => kind !== 'cell')) return [];
  return [{ name: 'harness.cpu_share', unit: '1', dimensions, boot, measured: cpuShare(boot) }];
}

function cpuShare(boot: BootView): Measured {
  const total = (of: 'cpuNs' | 'wallNs') => boot.harness.reduce((sum, record) => sum + record[of], 0);
  if (boot.harness.length === 0) return missing(boot.finished ? 'not-recorded' : reasonOf(boot));
  const wall = total('wallNs');
  return wall > 0 ? { value: total('cpuNs') / wall } : missing('empty-window');
}
