// SPDX-License-Identifier: MIT
/** Names of lines beside the lines: where there is room, and near nothing else that could be meant. */
import type { Area } from './axes.ts';
import { textSize, textWidth } from './svg.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line on the page that wants its name beside it. */
export interface Labelled {
  readonly name: string;
  readonly points: readonly Point[];
}

/** Where a name is written: the start of its baseline. */
export interface PlacedLabel extends Point {
  readonly name: string;
}

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const distance = 6;
const height = textSize;
/** A name with more against it than this would mislead or hide something. */
const worst = 22;

/**
 * A place for each name, next to a point of its line, where it covers no other name and as little of any line as can be. A name for which
 * there is none inside the area is left out: the legend has it.
 */
export function placeLabels(lines: readonly Labelled[], area: Area): PlacedLabel[] {
  const obstacles = lines.flatMap(({ points }) => densely(points));
  const placed: { label: PlacedLabel; box: Box }[] = [];
  for (const line of lines) {
    const others = lines.filter((other) => other !== line).flatMap(({ points }) => densely(points));
    let best: { cost: number; label: PlacedLabel; box: Box } | undefined;
    for (const { box, cost: taste } of candidates(line)) {
      if (box.x0 < area.left + 2 || box.x1 > area.right || box.y0 < area.top || box.y1 > area.bottom - 2) continue;
      if (placed.some((other) => overlap(grown(box, 2), other.box))) continue;
      const covered = obstacles.filter((point) => inside(point, grown(box, 1))).length;
      // A name nearer to another line than to its own would be taken for that one's.
      const near = others.filter((point) => inside(point, grown(box, distance * 2))).length;
      const touches = others.some((point) => inside(point, grown(box, distance))) ? 8 : 0;
      const cost = covered * 4 + Math.min(near, 6) + touches + taste;
      if (best === undefined || cost < best.cost) {
        best = { cost, label: { name: line.name, x: box.x0, y: box.y1 - 2.5 }, box };
      }
    }
    if (best !== undefined && best.cost <= worst) placed.push(best);
  }
  return placed.map(({ label }) => label);
}

/** Boxes to the right, left, above and below of points all along the line, with what is to be said against them. */
function candidates({ name, points }: Labelled): { box: Box; cost: number }[] {
  const width = textWidth(name, textSize);
  const all = densely(points);
  const step = Math.max(1, Math.floor(all.length / 40));
  return all
    .filter((_, index) => index % step === 0 || index === all.length - 1)
    .flatMap(({ x, y }, index, few) => {
      // The end of a line is where one looks for its name first.
      const far = (few.length - 1 - index) / few.length;
      const at = (x0: number, y0: number, dislike: number) => ({
        box: { x0, y0, x1: x0 + width, y1: y0 + height },
        cost: far + dislike,
      });
      return [
        at(x + distance, y - height / 2, 0),
        at(x - distance - width, y - height / 2, 0.3),
        at(x - width / 2, y - distance - height, 0.2),
        at(x - width / 2, y + distance, 0.4),
      ];
    });
}

/** Points of a polyline, never farther than a few units apart. */
function densely(points: readonly Point[]): Point[] {
  const result: Point[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined) {
      const steps = Math.floor(Math.hypot(point.x - before.x, point.y - before.y) / 4);
      for (let step = 1; step <= steps; step++) {
        const share = step / (steps + 1);
        result.push({ x: before.x + (point.x - before.x) * share, y: before.y + (point.y - before.y) * share });
      }
    }
    result.push(point);
  }
  return result;
}

function grown({ x0, y0, x1, y1 }: Box, by: number): Box {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}

function overlap(a: Box, b: Box): boolean {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

function inside({ x, y }: Point, { x0, y0, x1, y1 }: Box): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}
