// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { benchstatText } from './benchstat.ts';
import { arbitraryParts, exportableOf } from './testing/arbitrary.ts';

const test = suite('the Go benchmark format', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const { judged } = await testRun({ plan: { boots: 2 } });
const lines = benchstatText(judged).split('\n');
const results = lines.filter((line) => line.startsWith('Benchmark'));

test('a line for each boot and slice, with every figure that is there', () => {
  const p50 = results.filter((line) => line.includes(' upcall.latency.p50-virtual-ns'));
  const metric = judged.metrics.find(({ name }) => name === 'upcall.latency.p50');
  const names = p50.map((line) => line.split(' ')[0]);
  assert.equal(names[0], names[1], 'both boots are samples of the same');
  assert.match(
    names[0] ?? '',
    /^BenchmarkLatency\/mechanism=keyagent-fd\/fallback=\w+\/topology=own\/container=subject\/load=closed:1\/.*-1$/,
  );
  for (const [i, sample] of (metric?.samples ?? []).entries()) {
    assert.match(p50[i] ?? '', ` ${sample.value} upcall.latency.p50-virtual-ns`);
  }
});

test('what a boot has not is not in its line', () => {
  const samples = [
    { boot: 0, block: 0, host: 'h', seed: 1, value: null, reason: 'guest-panic' },
    { boot: 1, block: 1, host: 'h', seed: 1, value: 5 },
    { boot: 2, block: 2, host: 'h', seed: 1, value: Number.POSITIVE_INFINITY },
  ];
  const metric = { name: 'upcall.throughput', unit: '1/s', dimensions: { scenario: 'agent-kill' }, samples } as const;
  const text = benchstatText({ ...judged, metrics: [metric] });
  assert.equal(
    text.split('\n').filter((line) => line.startsWith('Benchmark')),
    ['BenchmarkAgentKill-1 1 5 upcall.throughput/s'],
  );
});

test('before the figures stands which way is better, and what they were measured on, once', () => {
  assert.ok(lines.includes('Unit upcall.latency.p50-virtual-ns better=lower'));
  assert.ok(lines.includes('Unit upcall.throughput/s better=higher'));
  assert.not.ok(
    lines.some((line) => /^Unit floor/.test(line)),
    'what compare does not judge has no better',
  );
  for (const line of ['kernel: 6.1-fake', 'accelerator: none', 'smp: 1', 'cpu: cpu', 'status: complete']) {
    assert.is(lines.filter((each) => each === line).length, 1, line);
  }
});

test('whatever things are called, a line is what it is meant to be, and different names stay different', () => {
  const line = /^(Benchmark\S+-\d+ 1( -?[\d.]+(e[+-]\d+)? [a-z]\S+)+|Unit \S+ better=(lower|higher)|[a-z]+: \S.*|)$/;
  fc.assert(
    fc.property(arbitraryParts, (parts) => {
      const exportable = exportableOf(judged.run, parts);
      const text = benchstatText(exportable);
      // Other line breaks than this one are for nobody.
      for (const each of text.split('\n')) assert.match(each, line);
      const found = text.split('\n').filter((each) => each.startsWith('Benchmark'));
      assert.ok(found.length <= exportable.metrics.length * 4);
    }),
  );
  const named = (mechanism: string) => {
    const samples = [{ boot: 0, block: 0, host: 'h', seed: 1, value: 5 }];
    const metric = {
      name: 'upcall.throughput',
      unit: '1/s',
      dimensions: { scenario: 'x', mechanism },
      samples,
    } as const;
    return benchstatText({ ...judged, metrics: [metric] });
  };
  assert.is.not(named('a b'), named('a_b'));
  assert.is.not(named('a b'), named('a%20b'));
  assert.is.not(named('a/b'), named('a b'));
});

test.run();
