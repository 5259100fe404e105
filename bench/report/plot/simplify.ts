// SPDX-License-Identifier: MIT
import type { Point } from './labels.ts';

/** How far a line may be from where it belongs, in the page's units: less than anybody sees. */
const tolerance = 0.25;

/** Fewer points for the same line (Douglas and Peucker): both ends, and every point that is off the line between its neighbours. */
export function simplified(points: readonly Point[]): Point[] {
  const keep = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const [a, b] = [points[from], points[to]];
    if (a === undefined || b === undefined) continue;
    let [farthest, distance] = [from, tolerance];
    for (let index = from + 1; index < to; index++) {
      const off = distanceTo(a, b, points[index] as Point);
      if (off > distance) [farthest, distance] = [index, off];
    }
    if (farthest === from) continue;
    keep.add(farthest);
    spans.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, index) => keep.has(index));
}

/** Of a point from the segment between two others. */
function distanceTo(a: Point, b: Point, { x, y }: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}
