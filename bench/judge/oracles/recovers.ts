// SPDX-License-Identifier: MIT
/** After each fault the victim is served again before the window ends; how soon is the metric recovery.time. */
import type { CellView } from '../../../results/cell-view.ts';
import { recoveryOf, victimWindows } from '../../measure/recovery.ts';
import { count } from '../../words.ts';
import { damageIn, held, notApplicable, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const recovers: Oracle = (input) => {
  if (input.cell.windows.every(({ faults }) => faults === undefined)) return notApplicable('the cell has no fault');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const windows = victimWindows(view).map((window) => ({ window, time: recoveryOf(view, window).time }));
  for (const { window, time } of windows) {
    if (time.value === null && time.reason === 'not-recovered') {
      return violated(`window ${window.index}: ${window.container.name} was not served again after the fault`);
    }
  }
  const lost = damageIn(view);
  if (lost !== null) return unknown(lost);
  let slowest = 0;
  for (const { window, time } of windows) {
    if (time.value === null) return unknown(`window ${window.index}: when it recovered is not known (${time.reason})`);
    slowest = Math.max(slowest, time.value);
  }
  return held(
    `served again after ${count(windows.length, 'fault')}, at the latest ${(slowest / 1e6).toFixed(3)} ms after it`,
  );
}
