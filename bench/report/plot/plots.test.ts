// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { stageParts } from '../../../results/frames.ts';
import { suite } from '../../testing/suite.ts';
import { demandWellFormed, picturesOf, words } from '../testing/document.ts';
import { barChart, barKey } from './bar-chart.ts';
import { type Point, placeLabels } from './labels.ts';
import { type Line, lineChart } from './line-chart.ts';
import { paper } from './plot-css.ts';
import { linearScale, logScale } from './scale.ts';
import { partInks, seriesStyle } from './series-style.ts';
import { simplified } from './simplify.ts';
import { standaloneSvg, textWidth } from './svg.ts';
import { extremesByColumn, timeChart } from './time-chart.ts';

const test = suite('plots');

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('every text has a contrast of 4.5 or more with what it stands on, light and dark', () => {
  for (const mode of ['light', 'dark'] as const) {
    const { page, text, soft, shade } = paper[mode];
    for (const ground of [page, shade]) assert.ok(contrast(text, ground) >= 7);
    assert.ok(contrast(soft, page) >= 4.5);
    for (const ink of partInks)
      assert.ok(contrast(ink[mode], page) >= 4.5, `${ink[mode]}: ${contrast(ink[mode], page)}`);
  }
});

test('no two of a dozen series look alike without colours', () => {
  const looks = Array.from({ length: 6 }, (_, index) => seriesStyle(index)).map(
    ({ dash, marker }) => `${dash} ${marker}`,
  );
  assert.is(new Set(looks).size, looks.length);
  const all = Array.from({ length: 12 }, (_, index) => JSON.stringify(seriesStyle(index)));
  assert.is(new Set(all).size, all.length);
});

test('a simplified line keeps its ends and is nowhere farther from the old one than anybody sees', () => {
  const coordinate = fc.double({ min: 0, max: 400, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1, maxLength: 60 }), (points) => {
      const kept = simplified(points);
      assert.is(kept[0], points[0]);
      assert.is(kept.at(-1), points.at(-1));
      for (const point of points) assert.ok(distance(point, kept) < 0.26);
    }),
  );
  const straight = Array.from({ length: 500 }, (_, x) => ({ x, y: 2 * x }));
  assert.is(simplified(straight).length, 2);
});

/** Of a point from a polyline. */
function distance({ x, y }: Point, line: readonly Point[]): number {
  const [first] = line;
  let least = first === undefined ? Number.POSITIVE_INFINITY : Math.hypot(x - first.x, y - first.y);
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1] as Point, line[i] as Point];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
    least = Math.min(least, Math.hypot(x - a.x - along * dx, y - a.y - along * dy));
  }
  return least;
}

test('names of lines cover neither one another nor the edge; one without room is left to the legend', () => {
  const area = { left: 50, top: 20, right: 400, bottom: 240 };
  const height = fc.double({ min: 20, max: 240, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(height, height), { minLength: 1, maxLength: 8 }), (heights) => {
      const lines = heights.map(([from, to], index) => ({
        name: `mechanism-${index}`,
        points: [
          { x: 60, y: from },
          { x: 390, y: to },
        ],
      }));
      const boxes = placeLabels(lines, area).map(({ name, x, y }) => ({
        x0: x,
        x1: x + textWidth(name, 11),
        y0: y - 8.5,
        y1: y + 2.5,
      }));
      for (const [index, a] of boxes.entries()) {
        assert.ok(a.x0 >= area.left && a.x1 <= area.right && a.y0 >= area.top && a.y1 <= area.bottom);
        for (const b of boxes.slice(index + 1)) assert.not.ok(a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1);
      }
    }),
    { numRuns: 40 },
  );
  const tiny = { left: 0, top: 0, right: 20, bottom: 12 };
  assert.equal(placeLabels([{ name: 'a-long-name', points: [{ x: 5, y: 5 }] }], tiny), []);
});

test('columns keep the least and the greatest of what they stand for', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ x: fc.nat(1000), y: fc.nat() }), { minLength: 1 }), (points) => {
      const columns = extremesByColumn(points, (x) => Math.floor(x / 100));
      assert.is(Math.min(...columns.map(({ min }) => min)), Math.min(...points.map(({ y }) => y)));
      assert.is(Math.max(...columns.map(({ max }) => max)), Math.max(...points.map(({ y }) => y)));
      assert.ok(columns.length <= 11);
    }),
  );
});

const timeOf = (count: number) =>
  timeChart({
    id: 'time',
    title: 'a title',
    description: 'a description',
    xLabel: 's',
    yLabel: 'victim',
    x: (range) => linearScale([0, 3], range, String),
    y: (range) => logScale([100, 100_000], range, String),
    requests: Array.from({ length: count }, (_, i) => ({
      x: (3 * i) / count,
      y: i % 50 === 0 ? null : 100 + ((i * 7919) % 99_900),
    })),
    style: seriesStyle(0),
    failures: '20 × ENOKEY',
    shades: [{ from: 1, to: 1.5, name: 'agent killed' }],
  }).toString();

test('a picture of a hundred thousand requests is no larger than one of ten thousand', () => {
  const [some, many] = [timeOf(10_000), timeOf(100_000)];
  assert.ok(many.length < some.length * 1.2 && many.length < 20_000, `${many.length} bytes`);
});

test('a picture says what it shows to those who do not see it, and names its faults and failures', () => {
  const picture = timeOf(100);
  demandWellFormed(picture);
  assert.match(
    picture,
    /role="img" aria-labelledby="time-t time-d"><title id="time-t">a title<\/title><desc id="time-d">a description/,
  );
  assert.match(words(picture), /20 × ENOKEY.*agent killed/);
});

test('lines are told apart by dash, marker and name', () => {
  const line = (name: string, index: number): Line => ({
    name,
    style: seriesStyle(index),
    points: [
      { x: 1, y: 10 * (index + 1), low: 5, high: 40, marked: true },
      { x: 2, y: 30 * (index + 1), low: 20, high: 70, marked: true },
    ],
  });
  const picture = lineChart({
    id: 'lines',
    title: 't',
    description: 'd',
    xLabel: 'x',
    yLabel: 'y',
    x: (range) => linearScale([0, 3], range, String),
    y: (range) => logScale([5, 70], range, String),
    lines: [line('one', 0), line('two', 1)],
    bandAlong: 'y',
  }).toString();
  demandWellFormed(picture);
  assert.match(picture, /class="line s1" stroke-dasharray="7 3"/);
  assert.is(picture.match(/class="s1 mark"/g)?.length, 2);
  assert.is(picture.match(/class="band s\d"/g)?.length, 2);
  assert.match(words(picture), /one.*two/);
});

test('parts of a bar lie end to end, neighbours look different without colours, and narrow ones are not named', () => {
  const names = ['first', 'second', 'third'];
  const parts = [60, 1, 40].map((value, index) => ({ name: names[index] ?? '', value }));
  const picture = barChart({
    id: 'bars',
    title: 't',
    description: 'd',
    xLabel: 'x',
    format: String,
    rows: [{ label: 'row', parts, note: '101' }],
    names,
  }).toString();
  demandWellFormed(picture);
  const boxes = [...picture.matchAll(/class="part s\d (heavy|light)" d="M([\d.]+) [\d.]+H([\d.]+)/g)];
  assert.equal(
    boxes.map(([, weight]) => weight),
    ['heavy', 'light', 'heavy'],
  );
  assert.equal(
    boxes.slice(1).map(([, , from]) => from),
    boxes.slice(0, -1).map(([, , , to]) => to),
  );
  assert.match(words(picture), /first/);
  assert.not.match(words(picture), /second/);
  const key = barKey(names, ['first', 'third'], (name) => `about ${name}`).toString();
  demandWellFormed(key);
  assert.equal(words(key), 'first about first third about third');
});

test('each stage of an upcall has a colour of its own', () => {
  const key = barKey(stageParts, stageParts, () => '').toString();
  const looks = [...key.matchAll(/class="part (s\d+) (?:heavy|light)"/g)].map(([, ink]) => ink);
  assert.is(new Set(looks).size, stageParts.length);
});

test('a picture of its own brings its style sheet and is XML', () => {
  const file = standaloneSvg({ id: 'p', title: 't', description: 'd', width: 10, height: 10, content: null });
  demandWellFormed(file.trim());
  assert.is(picturesOf(file).length, 1);
  assert.match(file, /prefers-color-scheme:dark/);
  assert.not.match(file.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import/);
});

test.run();
