// SPDX-License-Identifier: MIT
/** How a report names a cell and finds what is of it: one place, so that cells that differ in one thing only are not taken for one another. */
import type { Dimensions } from '../measure/metric.ts';
import type { Where } from './figures.ts';

/** The dimensions that tell a cell, or a block of checks, from every other of a run. */
export function cellWhere({ scenario, mechanism, depth }: Dimensions): Where {
  const all = { scenario, mechanism, depth };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The mechanism, and how many namespaces below their container its requesters run where cells differ in that. */
export function mechanismName({ mechanism = '', depth }: Dimensions): string {
  return depth === undefined ? String(mechanism) : `${mechanism}, ${depth} below`;
}

/** `nesting × userns-fd, 8 below`. */
export function cellName(dimensions: Dimensions, times = '×'): string {
  return `${dimensions.scenario} ${times} ${mechanismName(dimensions)}`;
}
