// SPDX-License-Identifier: MIT
/** No request took longer than the cell's deadline; one that never ended did. */
import { held, type Oracle, overBoots, overWindows } from '../oracle.ts';

export const withinDeadline: Oracle = (input) =>
  overBoots(input, (view) =>
    overWindows(
      view,
      (frame) => {
        if (frame.late > 0)
          return `${frame.late} of ${frame.started} requests took more than ${input.cell.deadlineMs} ms`;
        return frame.open > 0 ? `${frame.open} of ${frame.started} requests never ended` : null;
      },
      (summary) => held(`none of ${summary} took more than ${input.cell.deadlineMs} ms`),
    ),
  );
