// SPDX-License-Identifier: MIT
/**
 * Requests fail only as the cell expects: with one of its errnos, in the victim, in a window with a fault and there not before
 * the fault (known if every request was reported). In a cell that expects never-served, every request may fail, with one of
 * those errnos.
 */
import type { WindowView } from '../../../results/cell-view.ts';
import { count } from '../../words.ts';
import { held, type Oracle, overBoots, overWindows } from '../oracle.ts';

export const expectedErrors: Oracle = (input) => {
  const { cell } = input;
  const anywhere = cell.expect['never-served'] === 'held';
  const listed =
    cell.expectedErrors.length === 0 ? 'none is expected' : `expected are ${cell.expectedErrors.join(', ')}`;
  return overBoots(input, (view) =>
    overWindows(
      view,
      (frame, window) => {
        const errors = Object.entries(frame.errors).filter(([, count]) => count > 0);
        const strange = errors.find(([errno]) => !cell.expectedErrors.includes(errno));
        if (strange !== undefined) return `${count(strange[1], 'request')} failed with ${strange[0]}; ${listed}`;
        const [first] = errors;
        if (anywhere || first === undefined) return null;
        const what = `${count(first[1], 'request')} failed with ${first[0]}`;
        if (window.container.role !== 'victim') return `${what}, though it is a ${window.container.role}`;
        if (window.phase !== 'fault') return `${what}, though there was no fault in this window`;
        const early = failedBeforeFault(window);
        return early > 0 ? `${count(early, 'request')} failed before the fault was injected` : null;
      },
      (summary) => held(`no request failed other than expected among ${summary}; ${listed}`),
    ),
  );
};

/** Requests that failed before anything was injected; 0 where single requests or the fault were not reported. */
function failedBeforeFault({ requests, faults }: WindowView): number {
  const injections = faults.flatMap(({ inject }) => (inject === null ? [] : [inject.mono_before]));
  if (requests === null || injections.length === 0) return 0;
  const first = Math.min(...injections);
  return requests.filter(({ errno, end }) => errno !== 0 && end !== null && end < first).length;
}
