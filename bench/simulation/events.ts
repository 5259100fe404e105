// SPDX-License-Identifier: MIT
import type { RunListener } from '../run/listener.ts';

/** Calls `heard` with the number of each thing that a run tells of, from 0. */
export function listenerOf(heard: (event: number) => void): RunListener {
  let events = 0;
  const hear = () => heard(events++);
  return {
    runStarts: hear,
    bootStarts: hear,
    guestIsUp: hear,
    frame: hear,
    failure: hear,
    bootEnds: hear,
    note: hear,
  };
}
