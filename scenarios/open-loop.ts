// SPDX-License-Identifier: MIT
import { usual, usualRoutes } from './common.ts';
import type { RateLadder, Scenario } from './types.ts';

// One ladder for all, each step about 1.5 times the one before, so that mechanisms whose steps overlap are compared at the same
// rates. Each takes the steps around what it can do under TCG: well below, just below, and beyond it. On another
// accelerator that is elsewhere; `--rate` says where.
const ladder: RateLadder = {
  rates: [10, 15, 22, 33, 47, 68, 100, 150, 220, 330, 470, 680, 1_000, 1_500, 2_200, 3_300, 4_700, 6_800, 10_000],
  near: { least: 0.25, most: 1.45 },
  // Enough for a p99 where 5 s hold them, else for a p90.
  starts: [1_000, 100],
  withinMs: 5_000,
  // Samples, since over the time of a window a queue that only grows looks unlike one that comes and goes.
  shapes: [{ ms: { least: 500, most: 5_000 }, atLeast: 2, samples: true }],
};

export const openLoop: Scenario = {
  ...usual,
  name: 'open-loop',
  question: 'When requests come at a rate of their own, how long do they take, and from which rate on is it too many?',
  partOf: 'quick',
  // Workers, not load: a start must not wait for one before the mechanism is saturated. When it is, more of them would only move
  // the queue from the requesters to the kernel.
  containers: [{ name: 'subject', requesters: 16, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  warmup: 1,
  windows: ladder,
  quickWindows: {
    ...ladder,
    near: { least: 0.3, most: 1.2 },
    starts: [20],
    shapes: [{ ms: { least: 500, most: 5_000 }, atLeast: 1, samples: true }],
  },
  routes: {
    ...usualRoutes,
    null: { notApplicable: 'the floor has nobody whose queue could grow; scenario latency measures it' },
  },
};
