// SPDX-License-Identifier: MIT
/** Every request that was started ended exactly once, as the ledger in shared memory saw it. */
import { totalErrors } from '../../measure/latency.ts';
import { held, type Oracle, overBoots, overWindows } from '../oracle.ts';

export const everyRequestEnded: Oracle = (input) =>
  overBoots(input, (view) =>
    overWindows(
      view,
      (frame) => {
        if (frame.open > 0) return `${frame.open} of ${frame.started} requests never ended`;
        if (frame.twice > 0) return `${frame.twice} of ${frame.started} requests ended more than once`;
        if (frame.started !== frame.ended) return `${frame.started} requests started, ${frame.ended} ended`;
        const accounted = frame.ok + totalErrors(frame.errors);
        return accounted === frame.ended ? null : `${frame.ended} requests ended, ${accounted} of them ok or failed`;
      },
      (summary) => held(`each of ${summary} ended once`),
    ),
  );
