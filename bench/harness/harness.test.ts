// SPDX-License-Identifier: MIT
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { runProgram } from '../commands/program.ts';
import { capture } from '../commands/testing/capture.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { harnessCommand } from './command.ts';
import { type HarnessDocument, harnessSchema } from './document.ts';
import { hammerStudy } from './hammer.ts';
import { type Measured, measure, statisticsOf } from './measure.ts';
import { BadSample, validDuration } from './sample.ts';
import type { HarnessTask } from './task.ts';
import { harnessData } from './tasks/data.ts';
import { harnessTasks } from './tasks/index.ts';

const test = suite('what the harness costs', { timeoutMs: 30_000 });
test.after(removeTestRuns);

const example = fileURLToPath(new URL('../../results/examples/format-1', import.meta.url));

const task = (operation: () => unknown): HarnessTask => ({ group: 'codec', name: 'a task', operation });

/** A clock that only operations move. */
function madeUpClock() {
  const clock = { at: 0 };
  const spend = (ms: number) => {
    clock.at += ms;
  };
  return { now: () => clock.at, spend };
}

function demandMeasured(measurement: ReturnType<typeof measure>): Measured {
  if ('reason' in measurement) throw new Error(measurement.reason);
  return measurement;
}

test('only what somebody can have measured is a sample', () => {
  assert.is(validDuration(1e-9, 'it'), 1e-9);
  for (const bad of [Number.NaN, -1, 0, Number.POSITIVE_INFINITY, undefined, null, '3']) {
    assert.throws(
      () => validDuration(bad, 'it'),
      (error: unknown) => error instanceof BadSample && error.message.startsWith('it gave'),
    );
  }
});

test('figures are those of the clock: a batch of operations over their number', () => {
  const clock = madeUpClock();
  let turns = 0;
  const operation = () => clock.spend(turns++ % 2 === 0 ? 0.004 : 0.006);
  const measured = demandMeasured(measure(task(operation), { taskMs: 500, now: clock.now }));
  assert.ok(measured.batch >= 400, `a batch of ${measured.batch} lasts its 2 ms`);
  assert.ok(measured.samples >= 10 && measured.samples <= 500 / (measured.batch * 0.005) + 1);
  // Half of them take 4 µs and half 6 µs; an odd batch has one more of one kind.
  for (const ns of [measured.p50, measured.mean, measured.min, measured.max])
    assert.ok(Math.abs(ns - 5_000) < 5, `${ns}`);
});

test('a slow operation is measured ten times all the same', () => {
  const clock = madeUpClock();
  const measured = demandMeasured(
    measure(
      task(() => clock.spend(1_000)),
      { taskMs: 500, now: clock.now },
    ),
  );
  assert.equal([measured.samples, measured.batch], [10, 1]);
  assert.is(Math.round(measured.p50), 1e9);
});

test('a clock that goes back or stands still gives no figure, rather than one of the wall', () => {
  for (const step of [-1, 0, Number.NaN]) {
    const clock = madeUpClock();
    let calls = 0;
    const operation = () => clock.spend(calls++ < 500 ? 3 : step);
    const measurement = measure(task(operation), { taskMs: 10_000, now: clock.now });
    assert.ok('reason' in measurement, `a step of ${step}`);
    assert.match(measurement.reason, /a task gave .* ms, which nobody can have measured/);
  }
});

test('an operation that fails gives no figure, with its own words for a reason', () => {
  let calls = 0;
  const operation = () => {
    if (calls++ > 2_000) throw new Error('it broke');
    for (let i = 0; i < 1_000; i++) Math.sqrt(i);
  };
  assert.equal(measure(task(operation), { taskMs: 500 }), { reason: 'it broke' });
});

test('statistics of given figures are of just those', () => {
  const figures = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(figures, (each) => {
      const { samples, mean, min, max } = statisticsOf('it', each);
      assert.is(samples, each.length);
      const expected = (each.reduce((sum, ms) => sum + ms, 0) / each.length) * 1e6;
      assert.ok(Math.abs(mean - expected) <= 1e-9 * expected, `${mean} ${expected}`);
      assert.ok(Math.abs(min - Math.min(...each) * 1e6) <= 1e-9 * min);
      assert.ok(Math.abs(max - Math.max(...each) * 1e6) <= 1e-9 * max);
    }),
  );
});

test('one bad figure among many refuses them all', () => {
  for (const bad of [Number.NaN, -1, 0]) assert.throws(() => statisticsOf('window', [1, 2, bad, 3]), /window gave/);
});

async function run(...args: string[]) {
  const { output, out, err } = capture();
  const code = await runProgram(args, output, harnessCommand);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('every task does its work on a stored run, and its name is its own', () => {
  const tasks = harnessTasks(harnessData(example));
  for (const { operation } of tasks) operation();
  assert.is(new Set(tasks.map(({ group, name }) => `${group} ${name}`)).size, tasks.length);
  assert.equal([...new Set(tasks.map(({ group }) => group))], ['plan', 'codec', 'reader', 'statistics', 'report']);
});

test('the document says of what and where the figures are, and they agree with one another', async () => {
  const begun = performance.now();
  const { code, out } = await run('--filter', 'codec', '--seconds', '0.5', '--json');
  const elapsedNs = (performance.now() - begun) * 1e6;
  assert.is(code, 0);
  const document: HarnessDocument = harnessSchema.parse(JSON.parse(out));
  assert.ok(document.tasks.length >= 5);
  assert.is(document.host.node, process.version);
  let spent = 0;
  for (const { name, measured, rate } of document.tasks) {
    assert.ok(measured !== null && rate !== null, name);
    const { min, p50, mean, max, samples, batch } = measured;
    assert.ok(min <= p50 && p50 <= max && min <= mean && mean <= max, name);
    spent += mean * samples * batch;
  }
  // Real time: what all samples together took, nobody has waited less for.
  assert.ok(spent <= elapsedNs, `${spent} of ${elapsedNs}`);
  assert.ok(spent >= 0.5 * 0.5e9, `${spent}`);
});

test('the table has a line for each task, under its group', async () => {
  const { code, out } = await run('--filter', 'histogram', '--seconds', '0.2');
  assert.is(code, 0);
  assert.match(out, /^keystorm .* on .*Node\.js v\d+.*\nrun /);
  assert.match(out, /^statistics$/m);
  assert.match(
    out,
    /^ {2}merge 64 histograms +[\d.]+ [nµm]s +[\d.]+ … [\d.]+ [nµm]s +[\d.]+% +\d+ × \d+ +.*operations\/s$/m,
  );
  assert.not.match(out, /^plan$/m);
});

test('usage errors are one sentence', async () => {
  const errors: [string[], RegExp][] = [
    [['--seconds', '0'], /must be a number above 0/],
    [['--filter', 'nothing like it'], /No task's group or name contains 'nothing like it'/],
    [['--run', '/nowhere'], /no folder \/nowhere/],
    [['--hammer', example], /no windows timed in batches; make one with: npm run bench/],
  ];
  for (const [args, message] of errors) {
    const { code, out, err } = await run(...args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.match(err, message);
  }
});

test('of a hammer run each window is one figure, in both timings', async () => {
  const plan = { scenarios: ['hammer-overhead'], mechanisms: ['keyagent-fd'] };
  const { dir } = await testRun({ plan });
  const stored = readRun(dir);
  const { figures } = hammerStudy(stored);
  const cells = stored.manifest.plan.cells;
  assert.is(figures.length, 2 * cells.length);
  for (const { mechanism, timing, withoutFigure, measured } of figures) {
    const cell = cells.find((each) => each.mechanism.name === mechanism);
    const windows = cell?.windows.filter((each) => (each.timing ?? 'each') === timing).length ?? 0;
    assert.is(measured.samples + withoutFigure, windows * stored.manifest.plan.boots.length);
  }
  const { code, out } = await run('--hammer', dir);
  assert.is(code, 0);
  assert.match(out, /keyagent-fd, timed one by one +[\d.]+ [µm]s/);
  assert.match(out, /keyagent-fd, in batches +[\d.]+ [µm]s/);
  assert.match(out, /hammer\.overhead[\s\S]*keyagent-fd: /);
  harnessSchema.parse(JSON.parse((await run('--hammer', dir, '--json')).out));
});

test('an incomplete run is not measured with', async () => {
  const { dir } = await testRun({ onEvent: (event, abort) => event === '0 window' && abort('SIGINT') });
  const { code, err } = await run('--run', path.resolve(dir));
  assert.is(code, 2);
  assert.match(err, /is aborted; measure with a complete one/);
});

test.run();
