// SPDX-License-Identifier: MIT
/** A real run of the first format: it must stay readable, and mean what it meant when it was made. */
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { judge } from '../bench/judge/judge.ts';
import { metricsOf } from '../bench/measure/metrics.ts';
import { suite } from '../bench/testing/suite.ts';
import { readRun } from './run-reader.ts';

const test = suite('the stored run of format 1');
const run = readRun(fileURLToPath(new URL('examples/format-1', import.meta.url)));

test('it reads complete, every record of it of the first version', () => {
  assert.is(run.status, 'complete');
  assert.equal(run.problems, []);
  assert.is(run.records.length, 45);
  assert.equal([...new Set(run.records.map(({ v }) => v))], [1]);
});

test('its plan is told in the words of the present format', () => {
  const { plan, schema } = run.manifest;
  assert.equal([schema, plan.schema, plan.accelerator], ['keystorm/run/2', 'keystorm/plan/2', 'tcg']);
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

test.run();
