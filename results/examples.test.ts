// SPDX-License-Identifier: MIT
/** Runs as they were stored, one of each format: they must stay readable, and mean what they meant when they were made. */
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { judge } from '../bench/judge/judge.ts';
import { metricsOf } from '../bench/measure/metrics.ts';
import { suite } from '../bench/testing/suite.ts';
import { readRun } from './run-reader.ts';

const test = suite('the stored runs of earlier formats');
const example = (name: string) => readRun(fileURLToPath(new URL(`examples/${name}`, import.meta.url)));
const run = example('format-1');
const quick = example('quick-1');

test('it reads complete, every record of it of the first version', () => {
  assert.is(run.status, 'complete');
  assert.equal(run.problems, []);
  assert.is(run.records.length, 45);
  assert.equal([...new Set(run.records.map(({ v }) => v))], [1]);
});

test('its plan is told in the words of the present format', () => {
  const { plan, schema } = run.manifest;
  assert.equal([schema, plan.schema, plan.accelerator], ['keystorm/run/6', 'keystorm/plan/5', 'tcg']);
  for (const cell of plan.cells) {
    assert.equal(cell.payloadBytes, [256]);
    assert.equal(cell.requests, { kind: 'fresh', hitPercent: 0 });
  }
});

test('its verdicts are those it was given when it was made', () => {
  const verdicts = judge(run);
  assert.is(verdicts.length, 47);
  assert.equal([...new Set(verdicts.map(({ verdict }) => verdict))], ['pass']);
  const violated = verdicts.filter(({ property }) => property === 'violated');
  assert.equal(violated.map(({ oracle, dimensions }) => [oracle, dimensions.mechanism, dimensions.scenario]).sort(), [
    ['answered-in-own-namespaces', 'stock-minimal', 'latency'],
    ['no-host-helper', 'stock-minimal', 'latency'],
  ]);
});

test('its figures are those it gave when it was made', () => {
  const metrics = metricsOf(run);
  const value = (name: string, mechanism?: string, scenario?: string) => {
    const found = metrics.filter(
      ({ name: each, dimensions }) =>
        each === name && dimensions.mechanism === mechanism && dimensions.scenario === scenario,
    );
    assert.is(found.length, 1, `${name} of ${mechanism} in ${scenario}`);
    return found[0]?.samples[0]?.value;
  };
  assert.is(value('upcall.latency.p50', 'stock-minimal', 'latency'), 2_760_703);
  assert.is(value('upcall.latency.p90', 'keyagent-fd', 'latency'), 571_391);
  assert.is(value('upcall.latency.max', 'keyagent-fd', 'latency'), 1_548_396);
  assert.is(value('upcall.throughput', 'stock-minimal', 'latency'), 329.16088507763175);
  assert.is(value('container.start', 'keyagent-fd', 'setuid-control'), 403_471_424);
  assert.is(value('floor.syscall.p50'), 741);
});

test('the run of format 2 reads complete, every record of it of the second version', () => {
  assert.is(quick.status, 'complete');
  assert.equal(quick.problems, []);
  assert.is(quick.records.length, 247);
  assert.equal([...new Set(quick.records.map(({ v }) => v))], [2]);
});

test('its verdicts and figures are those it was given when it was made', () => {
  const verdicts = judge(quick);
  assert.is(verdicts.length, 184);
  assert.equal([...new Set(verdicts.map(({ verdict }) => verdict))], ['pass']);
  const metrics = metricsOf(quick);
  const value = (name: string, where: Record<string, string>) => {
    const found = metrics.filter(
      (metric) => metric.name === name && Object.entries(where).every(([key, is]) => metric.dimensions[key] === is),
    );
    assert.is(found.length, 1, `${name} of ${JSON.stringify(where)}`);
    return found[0]?.samples[0]?.value;
  };
  const fd = { mechanism: 'keyagent-fd' };
  assert.is(value('upcall.latency.p50', { ...fd, scenario: 'latency' }), 238_079);
  assert.is(value('upcall.latency.p50', { ...fd, scenario: 'open-loop', load: 'open:1500' }), 739_327);
  assert.is(value('upcall.missed_starts', { ...fd, scenario: 'open-loop', load: 'open:3300' }), 160);
  assert.is(value('recovery.time', { ...fd, scenario: 'agent-kill' }), 541_270_631);
  assert.is(value('window.packets', { ...fd, scenario: 'open-loop' }), 0);
  assert.is(value('harness.cpu_share', {}), 0.0023549871150853074);
});

/** Of the fake machine, made by the last version that wrote their format. */
for (const format of [3, 4]) {
  const stored = example(`format-${format}`);

  test(`the run of format ${format} reads complete, every record of it of that version, its plan in the present words`, () => {
    const { plan, schema } = stored.manifest;
    assert.equal([stored.status, stored.problems], ['complete', []]);
    assert.is(stored.records.length, 57);
    assert.equal([...new Set(stored.records.map(({ v }) => v))], [format]);
    assert.equal([schema, plan.schema], ['keystorm/run/6', 'keystorm/plan/5']);
    const faults = plan.cells.flatMap(({ windows }) => windows.flatMap((window) => window.faults ?? []));
    assert.ok(
      faults.length > 0 && faults.every(({ name, container }) => `${name} ${container}` === 'kill-answerer victim'),
    );
    assert.is(plan.checks.length, 1);
  });

  test(`verdicts and figures of the run of format ${format} are those it was given when it was made`, () => {
    const verdicts = judge(stored);
    assert.is(verdicts.length, 40);
    assert.equal([...new Set(verdicts.map(({ verdict }) => verdict))], ['pass']);
    const metrics = metricsOf(stored);
    const value = (name: string, scenario: string) => {
      const found = metrics.filter(
        (metric) =>
          metric.name === name && metric.dimensions.scenario === scenario && metric.dimensions.mechanism === 'stock',
      );
      assert.is(found.length, 1, `${name} of ${scenario}`);
      return found[0]?.samples[0]?.value;
    };
    assert.is(value('upcall.latency.p50', 'latency'), 36_569_087);
    assert.is(value('upcall.throughput', 'latency'), 27.26208162481797);
    assert.is(value('recovery.time', 'agent-kill'), 90_420_759);
  });
}

test.run();
