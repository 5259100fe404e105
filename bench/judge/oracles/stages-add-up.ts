// SPDX-License-Identifier: MIT
/**
 * In windows with stages every request that an upcall answered was taken apart, and the parts add up to the latencies, to the
 * nanosecond: what is drawn as a breakdown is one of these requests and not of others.
 */
import type { CellView, WindowView } from '../../../results/cell-view.ts';
import { reasonOf } from '../../measure/figure.ts';
import { count } from '../../words.ts';
import {
  gapInWindows,
  held,
  noneAnswered,
  notApplicable,
  type Oracle,
  overBoots,
  unknown,
  violated,
} from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const stagesAddUp: Oracle = (input) => {
  if (input.cell.windows.every(({ stages }) => stages !== true)) return notApplicable('no window was taken apart');
  return overBoots(input, judgeBoot);
};

function judgeBoot(view: CellView): Finding {
  const windows = view.windows.filter(({ plan }) => plan.stages === true);
  for (const window of windows) {
    const wrong = cutShort(window) === null ? complaint(window) : null;
    if (wrong !== null) return violated(`window ${window.index} of ${window.container.name}: ${wrong}`);
  }
  const gap = gapInWindows(view, windows);
  if (gap !== null) return unknown(gap);
  const silent = windows.find(({ stages }) => stages === null);
  if (silent !== undefined)
    return unknown(`window ${silent.index}: its stages were not reported (${reasonOf(view.boot)})`);
  for (const window of windows) {
    const cut = cutShort(window);
    if (cut !== null) return unknown(`window ${window.index} of ${window.container.name}: ${cut}`);
  }
  const requests = windows.reduce((sum, { stages }) => sum + (stages?.requests ?? 0), 0);
  if (requests === 0) return noneAnswered(windows, 'no request was answered, so none could be taken apart');
  return held(`${count(requests, 'request')} taken apart, none left over; their parts add up to their latencies`);
}

/** Why the two sides of a window need not agree, whatever is right about its stages: a measurement that failed is no violation. */
function cutShort({ frame, stages }: WindowView): string | null {
  if (frame?.truncated === true) return 'the ledger was full, requests beyond it are not known';
  if (stages !== null && stages.lost > 0) return `${count(stages.lost, 'record')} of the module were lost`;
  return null;
}

function complaint({ frame, stages }: WindowView): string | null {
  if (frame === null || stages === null) return null;
  const { requests, unjoined, parts } = stages;
  if (unjoined > 0) return `${count(unjoined, 'answered request')} could not be taken apart`;
  if (requests !== frame.hist.count) return `${requests} of ${count(frame.hist.count, 'answered request')} taken apart`;
  const total = parts.reduce((sum, { hist }) => sum + hist.sum, 0);
  return total === frame.hist.sum ? null : `the parts add up to ${total} ns, the latencies to ${frame.hist.sum} ns`;
}
