// SPDX-License-Identifier: MIT
/** The worlds in which the statistics are tried: boots scatter by 2%, and there are twelve metrics. */
import type { World } from './world.ts';

const usual: World = {
  order: 'interleaved',
  boots: 10,
  metrics: 12,
  scatter: 0.02,
  drift: 'line',
  driftSize: 0.05,
  disturbed: 0,
  difference: 0,
};

export const worlds: Readonly<Record<string, World>> = {
  'in turn, 10 blocks, the host slows down by 5%': usual,
  'in turn, 8 blocks, the host slows down by 5%': { ...usual, boots: 8 },
  'in turn, 10 blocks, the host goes up and down by 5%': { ...usual, drift: 'wave' },
  'in turn, 10 blocks, the host becomes 5% slower at once': { ...usual, drift: 'step' },
  'in turn, 10 blocks, and 1 boot in 20 is disturbed': { ...usual, disturbed: 0.05 },
  'in the same boot, 10 boots': { ...usual, order: 'same-boot' },
  'separate, 5 boots each, a steady host': { ...usual, order: 'separate', boots: 5, drift: 'none' },
  'separate, 5 boots each, the host slows down by 5%': { ...usual, order: 'separate', boots: 5 },
  'in turn, 10 blocks, one metric really 5% worse': { ...usual, difference: Math.log(1.05) },
  'in turn, 10 blocks, one metric really 10% worse': { ...usual, difference: Math.log(1.1) },
};
