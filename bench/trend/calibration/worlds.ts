// SPDX-License-Identifier: MIT
/** The worlds in which the watch is tried: 200 series, and nights that scatter by 2%. */
import type { World } from './world.ts';

const still: World = {
  series: 200,
  boots: 1,
  scatter: 0,
  nightScatter: 0.02,
  likeness: 0,
  disturbedNights: 0,
  disturbedBoots: 0,
  step: 0,
  nightsBefore: [30, 230],
};
const slower: World = { ...still, step: Math.log(1.03) };
/** Boots scatter by 2%, and nights do not beyond that. */
const ofBoots = (boots: number, step = 0.03): World => ({
  ...slower,
  boots,
  scatter: 0.02,
  nightScatter: 0,
  step: Math.log1p(step),
});

export const worlds: Readonly<Record<string, World>> = {
  'nothing changes, nights independent': still,
  'nothing changes, AR(0.2)': { ...still, likeness: 0.2 },
  'nothing changes, AR(0.5)': { ...still, likeness: 0.5 },
  'nothing changes, AR(0.7)': { ...still, likeness: 0.7 },
  'nothing changes, 12 series, AR(0.5)': { ...still, series: 12, likeness: 0.5 },
  'nothing changes, 5 boots a night': { ...ofBoots(5), step: 0 },
  'nothing changes, 5 boots a night, and 1 boot in 20 is disturbed': { ...ofBoots(5), step: 0, disturbedBoots: 0.05 },
  'nothing changes, 5 boots a night, and 1 night in 20 is disturbed': { ...ofBoots(5), step: 0, disturbedNights: 0.05 },
  'a step of 3%, 1 boot a night': ofBoots(1),
  'a step of 3%, 3 boots a night': ofBoots(3),
  'a step of 3%, 4 boots a night': ofBoots(4),
  'a step of 3%, 5 boots a night': ofBoots(5),
  'a step of 3%, 10 boots a night': ofBoots(10),
  'a step of 3%, 5 boots a night, after 15 nights': { ...ofBoots(5), nightsBefore: [15, 15] },
  'a step of 3%, 5 boots a night, and 1 boot in 20 is disturbed': { ...ofBoots(5), disturbedBoots: 0.05 },
  'a step of 3%, 5 boots a night, and 1 night in 20 is disturbed': { ...ofBoots(5), disturbedNights: 0.05 },
  'a step of 3%, 5 boots a night, 12 series': { ...ofBoots(5), series: 12 },
  'a step of 1%, 5 boots a night': ofBoots(5, 0.01),
  'a step of 10%, 1 boot a night': ofBoots(1, 0.1),
  'a step of 3%, nights scatter by 2%, AR(0.5)': { ...slower, likeness: 0.5 },
  'a step of 3%, nights scatter by 1%, AR(0.5)': { ...slower, nightScatter: 0.01, likeness: 0.5 },
};
