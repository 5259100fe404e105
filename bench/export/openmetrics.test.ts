// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { openMetrics } from './openmetrics.ts';

const test = suite('OpenMetrics text', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const { judged } = await testRun({ plan: { boots: 2 }, script: 'panic@1.0' });

const metricOf = (name: string, unit: 'ns' | 'byte' | '1/s', value: number | null) =>
  ({
    ...{ name, unit, dimensions: { mechanism: 'a"b\\c', smp: 1 } },
    samples: [{ boot: 0, block: 0, host: 'h', seed: 1, value, ...(value === null ? { reason: 'oops' } : {}) }],
  }) as const;

test('figures are gauges in base units, a sample for each boot that has it', () => {
  const metrics = [
    metricOf('upcall.latency.p50', 'ns', 2_500_000),
    metricOf('upcall.throughput', '1/s', 40),
    metricOf('window.bytes', 'byte', 3),
    metricOf('upcall.latency.p99', 'ns', null),
  ];
  const text = openMetrics({ ...judged, metrics });
  const labels = 'mechanism="a\\"b\\\\c",smp="1",boot="0",block="0",host="h"';
  const figures = text.slice(text.indexOf('# TYPE keystorm_upcall'));
  assert.is(
    figures,
    `# TYPE keystorm_upcall_latency_p50_seconds gauge
# UNIT keystorm_upcall_latency_p50_seconds seconds
# HELP keystorm_upcall_latency_p50_seconds upcall.latency.p50 of one boot.
keystorm_upcall_latency_p50_seconds{${labels}} 0.0025
# TYPE keystorm_upcall_throughput_per_second gauge
# HELP keystorm_upcall_throughput_per_second upcall.throughput of one boot.
keystorm_upcall_throughput_per_second{${labels}} 40
# TYPE keystorm_window_bytes_bytes gauge
# UNIT keystorm_window_bytes_bytes bytes
# HELP keystorm_window_bytes_bytes window.bytes of one boot.
keystorm_window_bytes_bytes{${labels}} 3
# EOF
`,
  );
});

test('it says what the run came to, and what became of its boots', () => {
  const text = openMetrics(judged);
  assert.match(text, /^keystorm_run\{run="test",status="complete",verdict="unknown",seed="7",/m);
  assert.match(text, /^keystorm_run_start_time_seconds 0$/m);
  assert.match(text, /^keystorm_boots\{end="done"\} 1\nkeystorm_boots\{end="guest-panic"\} 1$/m);
  assert.match(text, /^keystorm_verdicts\{verdict="unknown"\} \d+$/m);
  assert.not.match(text, /^keystorm_upcall_latency_p50_.*boot="1"/m, 'no figure of a boot that has none');
});

test.run();
