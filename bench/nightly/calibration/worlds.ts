// SPDX-License-Identifier: MIT
/** The worlds in which the alerts of `nightly` are counted: twelve metrics, boots that scatter by 2%, a host that slows down by 5% in a night. */
import { nightlyBoots, quickNightlyBoots } from '../rules.ts';
import type { World } from './world.ts';

const usual: World = {
  metrics: 12,
  blocks: nightlyBoots,
  scatter: 0.02,
  nightScatter: 0,
  likeness: 0,
  drift: 'line',
  driftSize: 0.05,
  disturbed: 0,
};
const resembling: World = { ...usual, nightScatter: 0.02, likeness: 0.5 };

export const worlds: Readonly<Record<string, World>> = {
  'nights independent': usual,
  'nights independent, --quick': { ...usual, blocks: quickNightlyBoots },
  'nights scatter by 2%, AR(0.5)': resembling,
  '1 boot in 20 is disturbed': { ...usual, disturbed: 0.05 },
  '1 boot in 20 is disturbed, nights scatter by 2%, AR(0.5)': { ...resembling, disturbed: 0.05 },
};
