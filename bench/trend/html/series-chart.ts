// SPDX-License-Identifier: MIT
/** One metric night by night: its figure, its levels between changes, and where it changed or began anew. */
import { effectText, metricName } from '../../compare/metric-text.ts';
import { durationScale, threeDigits } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { plainText } from '../../report/plain-text.ts';
import type { Area } from '../../report/plot/axes.ts';
import { type LinePoint, lineChart } from '../../report/plot/line-chart.ts';
import { linearScale, type Scale } from '../../report/plot/scale.ts';
import { seriesStyle } from '../../report/plot/series-style.ts';
import { textWidth } from '../../report/plot/svg.ts';
import { changeText, dayOf } from '../text.ts';
import type { Alert, Followed, Trend } from '../trend.ts';

const dayMs = 86_400_000;
const figures = { ...seriesStyle(2), dash: '' };
const levels = seriesStyle(1);

/** With its name above it, and the change `alert` marked. */
export function seriesChart(id: string, alert: Alert, { nights }: Trend): Markup {
  const { followed } = alert;
  const { judged, body } = followed;
  const start = Date.parse(nights[0]?.createdAt ?? '');
  const dayAt = (night: number) => (Date.parse(nights[night]?.createdAt ?? '') - start) / dayMs;
  const shown = toldPlaces(followed);
  const { factor, label } = unitOf(followed, shown);
  const points = shown.flatMap((value, night): LinePoint[] =>
    value === null ? [] : [{ x: dayAt(night), y: value / factor }],
  );
  const name = plainText(metricName(body));
  const dates = (value: number) => dayOf(new Date(start + value * dayMs).toISOString()).slice(2);
  const chart = lineChart({
    id,
    title: name,
    description: `${name}: ${changeText(alert)} from ${dayOf(nights[alert.from]?.createdAt ?? '')} on, found on ${dayOf(nights[alert.at]?.createdAt ?? '')}.`,
    xLabel: 'night',
    yLabel: label,
    x: (range) => daysScale(dayAt(nights.length - 1), range, dates),
    y: (range) =>
      linearScale(
        points.map(({ y }) => y),
        range,
        threeDigits,
      ),
    bandAlong: 'y',
    height: 210,
    lines: [{ name: '', style: figures, points }],
    below: (x, _, area) => marks(alert, x, area, dayAt),
    above: (x, y, area) => [
      levelLines(
        followed,
        nights.length,
        x,
        y,
        dayAt,
        (value) => (judged.scale === 'ratio' ? Math.exp(value) : value) / factor,
      ),
      changeName(alert, x, area, dayAt),
    ],
  });
  return markup`<div><small>${name}</small>${chart}</div>`;
}

/** Figures as they were measured; null where a night has none. */
export function toldPlaces({ places, judged }: Followed): (number | null)[] {
  return places.map((place) => (place === null || judged.scale !== 'ratio' ? place : Math.exp(place)));
}

function unitOf({ body: { unit }, judged }: Followed, values: readonly (number | null)[]) {
  const greatest = Math.max(...values.map((value) => Math.abs(value ?? 0)));
  if (unit === 'ns' || unit === 'virtual-ns') {
    const { factor, unit: name } = durationScale(greatest);
    return { factor, label: unit === 'ns' ? name : `virtual ${name}` };
  }
  return judged.scale === 'share'
    ? { factor: 0.01, label: '% of requests' }
    : { factor: 1, label: unit === '1' ? 'ratio' : unit };
}

/** From the first night to the last, with a date every so often. */
function daysScale(last: number, range: readonly [number, number], format: (value: number) => string): Scale {
  const whole = linearScale([0, Math.max(1, last)], range, format, 75);
  const at = (value: number) => range[0] + (value / Math.max(1, last)) * (range[1] - range[0]);
  return { domain: [0, last], at, ticks: whole.ticks.filter(({ value }) => value >= 0 && value <= last) };
}

/** The nights from the change to the one on which it was found, the other changes, and where it began anew. */
function marks(alert: Alert, x: Scale, { top, bottom }: Area, dayAt: (night: number) => number): Markup {
  const { resets, alerts } = alert.followed;
  const [from, to] = [x.at(dayAt(alert.from)), x.at(dayAt(alert.at))];
  const others = [
    ...alerts.filter((other) => other !== alert).map((other) => other.from),
    ...resets.map(({ night }) => night),
  ].filter((night) => Number.isFinite(dayAt(night)));
  return markup`<rect class="shade" x="${from}" y="${top}" width="${Math.max(2, to - from)}" height="${bottom - top}"/>${others.map(
    (night) => markup`<path class="rule" d="M${x.at(dayAt(night))} ${top}V${bottom}"/>`,
  )}`;
}

function changeName(alert: Alert, x: Scale, { right, top }: Area, dayAt: (night: number) => number): Markup {
  const name = changeText(alert);
  const at = x.at(dayAt(alert.from));
  const fits = at + 4 + textWidth(name, 11) < right;
  return markup`<text class="onpage name${fits ? '' : ' end'}" x="${fits ? at + 4 : at - 4}" y="${top + 9}">${name}</text>`;
}

/** The middle before each change, and after the last one. */
function levelLines(
  { alerts, reference, resets, places }: Followed,
  nights: number,
  x: Scale,
  y: Scale,
  dayAt: (night: number) => number,
  shown: (place: number) => number,
): Markup[] {
  const starts = [
    places.findIndex((place) => place !== null),
    ...resets.map(({ night }) => night),
    ...alerts.map(({ from }) => from),
  ];
  const line = (from: number, to: number, value: number) =>
    markup`<path class="line ${levels.className}" d="M${x.at(dayAt(from))} ${y.at(value)}H${x.at(dayAt(to))}"/>`;
  const before = alerts.map((alert) => {
    const start = Math.max(...starts.filter((night) => night < alert.from));
    return line(
      start,
      alert.from,
      alert.followed.judged.scale === 'ratio' ? shown(Math.log(alert.before)) : shown(alert.before),
    );
  });
  const start = Math.max(...starts.filter((night) => night < nights));
  return reference === null ? before : [...before, line(start, nights - 1, shown(reference.middle))];
}

/** A little picture of a series, for a table: a point for each of so many stretches of time, their medians. */
export function sparkline(followed: Followed): Markup {
  const stretches = 90;
  const { places } = followed;
  const size = Math.max(1, Math.ceil(places.length / stretches));
  const points: { x: number; y: number }[] = [];
  for (let start = 0; start < places.length; start += size) {
    const here = places.slice(start, start + size).filter((place) => place !== null);
    if (here.length > 0)
      points.push({ x: start / places.length, y: here.reduce((sum, each) => sum + each, 0) / here.length });
  }
  const [low, high] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
  const height = (y: number) => (high > low ? 17 - (15 * (y - low)) / (high - low) : 9);
  const path = points.map(({ x, y }, i) => markup`${i === 0 ? 'M' : ' '}${2 + 116 * x} ${height(y)}`);
  const changes = followed.alerts.map(({ from }) => markup`M${2 + (116 * from) / places.length} 1V18`);
  return markup`<svg class="plot" width="120" height="19" viewBox="0 0 120 19" aria-hidden="true"><path class="rule" d="${changes.length === 0 ? 'M0 0' : changes}"/><path class="line ${figures.className}" style="stroke-width:1" d="${path.length === 0 ? 'M0 0' : path}"/></svg>`;
}

/** `1.2%`: one standard deviation of nights. */
export function scatterText({ reference, judged }: Followed): string {
  if (reference === null) return '–';
  return effectText(judged.scale, judged.scale === 'ratio' ? Math.exp(reference.scatter) : reference.scatter);
}
