// SPDX-License-Identifier: MIT
/**
 * Every fault that was planned hit something, and the agent it took away was replaced or continued: without that a cell that
 * looks unharmed has shown nothing.
 */
import type { CellView, WindowView } from '../../../results/cell-view.ts';
import { victimWindows } from '../../measure/recovery.ts';
import { count } from '../../words.ts';
import { gapInWindows, held, notApplicable, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const faultTookEffect: Oracle = (input) => {
  if (input.cell.windows.every(({ fault }) => fault === undefined)) return notApplicable('the cell has no fault');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const windows = victimWindows(view);
  for (const window of windows) {
    const wrong = complaint(window);
    if (wrong !== null) return violated(`window ${window.index} of ${window.container.name}: ${wrong}`);
  }
  const gap = gapInWindows(view, windows);
  if (gap !== null) return unknown(gap);
  const unreported = windows.find(({ faults }) => !faults.some(({ phase }) => phase === 'inject'));
  if (unreported !== undefined) return unknown(`window ${unreported.index}: the injection was not reported`);
  const uncleared = windows.find(
    (w) => w.container.agent !== 'none' && !w.faults.some(({ phase }) => phase === 'clear'),
  );
  if (uncleared !== undefined) {
    const stopped = uncleared.plan.fault?.name === 'stop-answerer';
    const what = stopped ? 'the agent was not reported continued' : 'no new agent was reported ready';
    return unknown(`window ${uncleared.index}: ${what}`);
  }
  const injections = windows.flatMap(({ faults }) => faults.filter(({ phase }) => phase === 'inject'));
  const hits = injections.reduce((total, fault) => total + fault.hits, 0);
  return held(`${count(injections.length, 'fault')} injected, ${count(hits, 'hit')}`);
}

function complaint({ faults }: WindowView): string | null {
  const missed = faults.find(({ phase, hits }) => phase === 'inject' && hits === 0);
  return missed === undefined ? null : `${missed.name} found nothing to hit`;
}
