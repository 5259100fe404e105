// SPDX-License-Identifier: MIT
/** Where a made-up upcall spends its time: by the parts that its mechanism has, in fixed shares. */
import { type FrameOf, type StagePart, stageParts } from '../../results/frames.ts';
import { histogramOf } from '../../results/histogram-data.ts';
import type { GuestCell } from './guest-plan.ts';
import type { ContainerLoad } from './load.ts';
import { isAgents, isRfc } from './service.ts';
import type { WindowPlace } from './window-frames.ts';

/** What each part takes of what comes before the last one, which takes the rest. */
type Shares = readonly (readonly [StagePart, number])[];

const throughModule: Shares = [
  ['enter', 0.1],
  ['route', 0.05],
  ['wake', 0.35],
  ['assume', 0.15],
  ['prepare', 0.05],
  ['instantiate', 0.2],
];
const pastModule: Shares = [
  ['spawn', 0.8],
  ['assume', 0.05],
  ['prepare', 0.05],
];

export function stagesBody(
  { cell, index }: WindowPlace,
  { container, requests }: ContainerLoad,
): Omit<FrameOf<'stages'>, 'n'> {
  const taken = requests.filter(({ errno, hit }) => errno === 0 && !hit);
  const split = taken.map(({ latency, service }) => partsOf(cell, latency, service));
  const names = stageParts.filter((name) => split.some((each) => each.has(name)));
  const parts = names.map((name) => {
    return { name, hist: histogramOf(split.flatMap((each) => each.get(name) ?? [])) };
  });
  const about = { cell: cell.id, index, container: container.name };
  return { t: 'stages', ...about, requests: taken.length, unjoined: 0, lost: 0, parts };
}

/** The parts of one request in the order in which they pass; they sum up to its latency. */
function partsOf(cell: GuestCell, latency: number, service: number): Map<StagePart, number> {
  const module = isAgents(cell) && !isRfc(cell);
  const assumes = isAgents(cell) && cell.words.get('delivery') !== 'fd-write';
  const shares = (module ? throughModule : pastModule).filter(([name]) => name !== 'assume' || assumes);
  const parts = new Map<StagePart, number>(latency > service ? [['held', latency - service]] : []);
  let left = service;
  for (const [name, share] of shares) {
    const part = Math.floor(service * share);
    parts.set(name, part);
    left -= part;
  }
  return parts.set(module ? 'return' : 'finish', left);
}
