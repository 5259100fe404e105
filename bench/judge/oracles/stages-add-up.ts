// SPDX-License-Identifier: MIT
/**
 * In windows with stages every request that an upcall answered was taken apart, and the parts add up to the latencies, to the
 * nanosecond: what is drawn as a breakdown is one of these requests and not of others.
 */
import type { CellView, WindowView } from '../../../results/cell-view.ts';
import { reasonOf } from '../../measure/figure.ts';
import { count } from '../../words.ts';
import { gapInWindows, held, notApplicable, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const stagesAddUp: Oracle = (input) => {
  if (input.cell.windows.every(({ stages }) => stages !== true)) return notApplicable('no window was taken apart');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const windows = view.windows.filter(({ plan }) => plan.stages === true);
  for (const window of windows) {
    const wrong = complaint(window);
    if (wrong !== null) return violated(`window ${window.index} of ${window.container.name}: ${wrong}`);
  }
  const gap = gapInWindows(view, windows);
  if (gap !== null) return unknown(gap);
  const silent = windows.find(({ stages }) => stages === null);
  if (silent !== undefined)
    return unknown(`window ${silent.index}: its stages were not reported (${reasonOf(view.boot)})`);
  const requests = windows.reduce((sum, { stages }) => sum + (stages?.requests ?? 0), 0);
  if (requests === 0) return unknown('no request was answered, so none could be taken apart');
  return held(`${count(requests, 'request')} taken apart, none left over; their parts add up to their latencies`);
}

function complaint({ frame, stages }: WindowView): string | null {
  if (frame === null || stages === null) return null;
  const { requests, unjoined, lost, parts } = stages;
  if (unjoined > 0) return `${count(unjoined, 'answered request')} could not be taken apart`;
  if (lost > 0) return `${count(lost, 'record')} of the module were lost`;
  if (requests !== frame.hist.count) return `${requests} of ${count(frame.hist.count, 'answered request')} taken apart`;
  const total = parts.reduce((sum, { hist }) => sum + hist.sum, 0);
  return total === frame.hist.sum ? null : `the parts add up to ${total} ns, the latencies to ${frame.hist.sum} ns`;
}
