// SPDX-License-Identifier: MIT
import type { RunListener } from '../listener.ts';

/** Hears everything and says nothing. */
export const silentListener: RunListener = {
  note: () => {},
  runStarts: () => {},
  bootStarts: () => {},
  guestIsUp: () => {},
  frame: () => {},
  failure: () => {},
  bootEnds: () => {},
};
