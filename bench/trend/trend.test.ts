// SPDX-License-Identifier: MIT
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { type HistoryBody, historyFile } from '../../results/history.ts';
import { readHistory } from '../../results/history-reader.ts';
import { appendToHistory, historyToAddTo } from '../../results/history-writer.ts';
import { fileIndent } from '../../results/manifest.ts';
import { seal } from '../../results/seal.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { drawSeries } from './calibration/world.ts';
import { trendDocumentSchema } from './document.ts';
import { trendPage } from './html/trend-page.ts';
import { defaultBudget, defaultDeltas } from './rules.ts';
import { trendOf } from './trend.ts';

const test = suite('trend', { timeoutMs: 170_000 });
test.after(removeTestRuns);

async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

interface Night {
  /** Of each series, a value a boot. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly kernel?: string;
  readonly hypervisor?: string;
  readonly plan?: string;
}

const names = ['upcall.latency.p50', 'upcall.throughput'] as const;
const begun: HistoryBody[] = names.map((name, series) => ({
  kind: 'series',
  series,
  name,
  unit: name === 'upcall.throughput' ? '1/s' : 'ns',
  dimensions: { scenario: 'latency', mechanism: 'keyagent-fd', machine: 'fake', accelerator: 'none', host: 'h' },
}));

function night(
  day: number,
  { values, kernel = '6.1.190-1', hypervisor = '7.2', plan = '0123456789ab' }: Night,
): HistoryBody {
  const createdAt = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  return {
    kind: 'run',
    runId: `night-${day}`,
    createdAt,
    tool: { version: '1', commit: 'c', dirty: false },
    subject: { kernel },
    conditions: { hypervisor },
    points: values.map((each, series) => ({ series, plan, values: [...each] })),
  };
}

function historyWith(...bodies: HistoryBody[]): string {
  const dir = testFolder();
  appendToHistory(historyToAddTo(dir), bodies, new Date());
  return dir;
}

const still = {
  series: 1,
  boots: 1,
  scatter: 0,
  nightScatter: 0.01,
  likeness: 0,
  disturbedNights: 0,
  disturbedBoots: 0,
  step: 0,
  nightsBefore: [0, 0],
} as const;
const noise = [1, 2].map((seed) => drawSeries(still, 80, 80, randomOf(seed)));
/** Both series scatter by 1%; from night `step` on the first is 6% more. */
const values = (day: number, step = 40, factor = 1.06) => [
  [200_000 * Math.exp(noise[0]?.[day] ?? 0) * (day >= step ? factor : 1)],
  [5_000 * Math.exp(noise[1]?.[day] ?? 0)],
];
const nights = (count: number, of: (day: number) => Night = (day) => ({ values: values(day) })) =>
  Array.from({ length: count }, (_, day) => night(day, of(day)));
const choice = { budget: defaultBudget, deltas: defaultDeltas };
const trendAt = (dir: string) => trendOf(readHistory(dir), choice);

test('a step is a regression, with the night it began and what else changed then; the other metric is left in peace', () => {
  const dir = historyWith(
    ...begun,
    ...nights(50, (day) => ({ values: values(day), kernel: day < 40 ? '6.1.190-1' : '6.1.192-2' })),
  );
  const { overall, alerts } = trendAt(dir);
  assert.is(overall, 'regressed');
  assert.is(alerts.length, 1);
  const [alert] = alerts;
  assert.is(alert?.direction, 'regressed');
  assert.is(alert?.from, 40);
  assert.ok(Math.abs((alert?.change ?? 0) - 1.06) < 0.02);
  assert.equal(alert?.suspects, ['kernel was 6.1.190-1 and is 6.1.192-2']);
});

test('an alert keeps its id on every later night, is new on one of them only, and is closed by a step back or a reset', () => {
  const seen = new Map<string, number>();
  for (let count = 41; count <= 60; count++) {
    const { alerts } = trendAt(historyWith(...begun, ...nights(count)));
    for (const alert of alerts)
      seen.set(`${alert.id} ${alert.fresh}`, (seen.get(`${alert.id} ${alert.fresh}`) ?? 0) + 1);
  }
  const keys = [...seen.keys()];
  assert.is(new Set(keys.map((key) => key.split(' ')[0])).size, 1);
  assert.is([...seen].find(([key]) => key.endsWith('true'))?.[1], 1);
  const back = trendAt(
    historyWith(...begun, ...nights(75, (day) => ({ values: values(day, 40, day < 58 ? 1.06 : 1) }))),
  );
  assert.equal(
    back.alerts.map(({ direction, open }) => [direction, open]),
    [
      ['improved', true],
      ['regressed', false],
    ],
  );
  const accepted = historyWith(
    ...begun,
    ...nights(50),
    { kind: 'reset', note: 'slower on purpose', where: {} },
    night(50, { values: values(50) }),
  );
  const { alerts, overall, unsure } = trendAt(accepted);
  assert.is(alerts[0]?.open, false);
  assert.is(overall, 'underpowered');
  assert.match(unsure.join(), /2 of 2 metrics known for less than 10 nights/);
});

test('a higher throughput is better; a new hypervisor or plan begins anew and is told, not alerted', () => {
  const better = trendAt(
    historyWith(
      ...begun,
      ...nights(50, (day) => ({ values: [values(day, 99)[0] ?? [], [5_000 * (day < 40 ? 1 : 1.06)]] })),
    ),
  );
  assert.equal(
    better.alerts.map(({ direction }) => direction),
    ['improved'],
  );
  assert.is(better.overall, 'improved');
  for (const change of [{ hypervisor: '8.0' }, { plan: 'ffffffffffff' }]) {
    const { alerts, series } = trendAt(
      historyWith(...begun, ...nights(60, (day) => ({ values: values(day), ...(day < 40 ? {} : change) }))),
    );
    assert.is(alerts.length, 0);
    assert.match(series[0]?.resets[0]?.why ?? '', /hypervisor was 7.2 and is 8.0|planned otherwise/);
  }
});

test('a night of which a boot has no figure says nothing; on the last night that is inconclusive', () => {
  const half = (day: number) => ({
    values: values(day, 99).map((each) => (day % 7 === 0 ? [...each, null] : [...each, ...each])),
  });
  const { series, unsure, overall } = trendAt(historyWith(...begun, ...nights(50, half)));
  assert.is(series[0]?.state, 'missing');
  assert.is(series[0]?.nights, 42);
  assert.match(unsure.join(), /2 of 2 metrics without a figure in some boot of the last night/);
  assert.is(overall, 'underpowered');
});

test('as commands: 1 with a regression, 0 for one that is known with --only-new, 4 for a single night or none, 2 without a history', async () => {
  const dir = historyWith(...begun, ...nights(60));
  const text = await command('trend', '--history', dir);
  assert.is(text.code, 1);
  assert.match(text.out, /^regressed: 1 metric worse\. First: upcall\.latency\.p50 of latency × keyagent-fd/);
  assert.is((await command('trend', '--history', dir, '--only-new')).code, 0);
  assert.is((await command('trend', '--history', dir, '--metric', 'upcall.throughput')).code, 0);
  const json = await command('trend', '--history', dir, '--json');
  const document = trendDocumentSchema.parse(JSON.parse(json.out));
  assert.is(document.alerts[0]?.from.run, 'night-40');
  assert.is((await command('trend', '--history', historyWith(...begun, ...nights(1)))).code, 4);
  const empty = await command('trend', '--history', historyWith());
  assert.is(empty.code, 4);
  assert.match(empty.out, /no run was added yet/);
  const none = await command('trend', '--history', '/nowhere/at/all');
  assert.is(none.code, 2);
  assert.match(none.err, /There is no history in \/nowhere\/at\/all; .*history add RUN. begins one/);
  assert.match((await command('trend', '--history', dir, '--scenario', 'latancy')).err, /no scenario 'latancy'/);
});

test('a torn history is told and inconclusive; a page is written for it, and nothing of it is changed', async () => {
  const dir = historyWith(...begun, ...nights(30));
  const file = path.join(dir, historyFile);
  const torn = readFileSync(file).subarray(0, -40);
  writeFileSync(file, torn);
  const page = path.join(testFolder(), 'trend.html');
  const { code, out } = await command('trend', '--history', dir, '--html', page);
  assert.is(code, 4);
  assert.match(out, /history\.ndjson ends in the middle of line 33/);
  assert.match(readFileSync(page, 'utf8'), /class="banner".*ends in the middle/);
  assert.ok(readFileSync(file).equals(torn));
});

test('the page has a picture of each open change and every metric, and is well formed', () => {
  const html = trendPage(trendAt(historyWith(...begun, ...nights(60))));
  assert.match(html, /1\.06/);
  assert.is(html.match(/<svg class="plot" xmlns/g)?.length, 1);
  assert.is(html.match(/<svg class="plot" width="120"/g)?.length, 2);
  assert.not.match(html, /NaN|undefined|Infinity/);
});

test('runs are added in order, once each; half a run, a shard, an older run, a folder without one and a file add nothing', async () => {
  const whole = (await testRun()).dir;
  /** The same run as it would have been, so many hours after the epoch. */
  const made = (hours: number) => {
    const dir = path.join(testFolder(), `run-${hours}`);
    cpSync(whole, dir, { recursive: true });
    const file = path.join(dir, 'manifest.json');
    const { crc: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
    const createdAt = new Date(hours * 3_600_000).toISOString();
    writeFileSync(file, `${seal({ ...manifest, runId: `run-${hours}`, createdAt }, fileIndent)}\n`);
    return dir;
  };
  const [first, second, earlier] = [made(10), made(20), made(1)];
  const dir = path.join(testFolder(), 'history');
  const add = (...runs: string[]) => command('history', 'add', ...runs, '--history', dir);
  assert.is((await add(second, first)).code, 0);
  const before = readFileSync(path.join(dir, historyFile));
  const again = await add(first);
  assert.is(again.code, 0);
  assert.match(again.err, /in the history already/);
  const old = await add(earlier);
  assert.is(old.code, 2);
  assert.match(old.err, /was measured before/);
  const halfRun = made(30);
  rmSync(path.join(halfRun, 'end.json'));
  const half = await add(halfRun);
  assert.is(half.code, 4);
  assert.match(half.err, /is incomplete, and half a run is no night/);
  const none = await add(first, '/tmp');
  assert.is(none.code, 2);
  assert.match(none.err, /\/tmp is not a run/);
  const readme = path.join(path.dirname(first), 'README.md');
  writeFileSync(readme, 'not a run\n');
  const beside = await add(readme, first);
  assert.is(beside.code, 0);
  assert.match(beside.err, /left out: \S*README\.md is a file/);
  assert.is((await add()).code, 2);
  assert.ok(readFileSync(path.join(dir, historyFile)).equals(before));
  const { code, out } = await command('trend', '--history', dir);
  assert.is(code, 4);
  assert.match(out, /known for less than 10 nights/);
  assert.match((await command('history', 'reset', '--history', dir)).err, /Say why with --note/);
  assert.match(
    (await command('history', 'reset', '--note', 'x', '--scenario', 'no', '--history', dir)).err,
    /No metric of/,
  );
  assert.is((await command('history', 'reset', '--note', 'x', '--scenario', 'latency', '--history', dir)).code, 0);
  assert.is(readHistory(dir).records.at(-1)?.kind, 'reset');
});

test.run();
