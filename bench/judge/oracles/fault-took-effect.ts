// SPDX-License-Identifier: MIT
/**
 * Every fault that was planned hit something, and was undone again, the agent that it took away replaced or continued: without that a
 * cell that looks unharmed has shown nothing.
 */
import { type CellView, type FaultView, hitsOf, type WindowView } from '../../../results/cell-view.ts';
import { count, times } from '../../words.ts';
import { gapInWindows, held, notApplicable, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const faultTookEffect: Oracle = (input) => {
  if (input.cell.windows.every(({ faults }) => faults === undefined)) return notApplicable('the cell has no fault');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const windows = view.windows.filter(({ faults }) => faults.length > 0);
  const faults = windows.flatMap((window) => window.faults.map((fault) => ({ window, fault })));
  for (const { window, fault } of faults) {
    const wrong = complaint(fault);
    if (wrong !== null) return violated(`window ${window.index} of ${window.container.name}: ${wrong}`);
  }
  const gap = gapInWindows(view, windows);
  if (gap !== null) return unknown(gap);
  for (const { window, fault } of faults) {
    const missing = unsaid(window, fault);
    if (missing !== null) return unknown(`window ${window.index}: ${missing}`);
  }
  const hits = faults.reduce((total, { fault }) => total + (hitsOf(fault) ?? 0), 0);
  return held(`${count(faults.length, 'fault')} injected, ${count(hits, 'hit')}`);
}

function complaint(fault: FaultView): string | null {
  const amiss = fault.clear?.amiss ?? 0;
  if (amiss > 0) return `${fault.plan.name}: ${times(amiss)} the kernel did something else than it must`;
  // What came before it in a busy guest took the rest of its window: there was nobody any more to be hit, and nothing was shown.
  if (fault.tooLate) return null;
  if (hitsOf(fault) === 0) return `${fault.plan.name} found nothing to hit`;
  return fault.clear?.gone === false ? `${fault.plan.name} was still there after it had been cleared` : null;
}

/** A helper is executed anew for each request: nobody takes the place of one that was killed. */
function unsaid({ container }: WindowView, fault: FaultView): string | null {
  const { plan, inject, clear, tooLate } = fault;
  if (inject === null) return 'the injection was not reported';
  if (tooLate) return `${plan.name} was to be injected, and the window was over before it could be`;
  if (clear !== null || (plan.name === 'kill-answerer' && container.agent === 'none')) return null;
  if (plan.name === 'kill-answerer') return 'no new agent was reported ready';
  if (plan.name === 'stop-answerer') return 'the agent was not reported continued';
  return `${plan.name} was not reported cleared`;
}
