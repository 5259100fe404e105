// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { Metric } from '../measure/metric.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import { orderLine } from './order-line.ts';
import { reportData } from './report-data.ts';
import { words } from './testing/document.ts';
import { textReport } from './text-report.ts';

const test = suite('the order that is not claimed', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const p50 = (mechanism: string, ...values: (number | null)[]): Metric => ({
  name: 'upcall.latency.p50',
  unit: 'ns',
  dimensions: { mechanism },
  samples: values.map((value, boot) => ({
    boot,
    block: boot,
    host: 'h',
    seed: 1,
    value,
    ...(value === null ? { reason: 'guest-panic' } : {}),
  })),
});

test('those whose ranges over boots overlap are named, and no others', () => {
  const rows = [p50('stock', 900, 950, 990), p50('fd', 12, 10, 15), p50('signal', 12, 20, 14), p50('min', 100, 90, 95)];
  assert.is(orderLine(rows), 'No order is claimed between: fd, signal (ranges overlap).');
  const wide = [p50('a', 10, 11), p50('b', 20, 21), p50('c', 10.5, 20.5)];
  assert.is(orderLine(wide), 'No order is claimed between: a, c; c, b (ranges overlap).');
});

test('where all are apart it says how often equals would be', () => {
  assert.is(
    orderLine([p50('a', 1, 2, 3), p50('b', 11, 12, 13)]),
    'All ranges over boots are apart, as those of equals would be in 1 of 10 pairs.',
  );
});

test('a boot without a figure leaves nothing to be claimed of its mechanism', () => {
  assert.is(
    orderLine([p50('a', 1, 2, 3), p50('b', 11, null, 13)]),
    'Nothing is claimed of b: some boot lacks the figure.',
  );
});

test('one boot orders nothing, and one mechanism needs no order', () => {
  assert.is(orderLine([p50('a', 1), p50('b', 2)]), 'One boot has no range: no order is claimed between any of them.');
  assert.is(orderLine([p50('a', 1, 2)]), null);
});

test('it stands in the table, on the page and in the text for a posting', async () => {
  for (const [boots, sentence] of [
    [1, /One boot has no range: no order is claimed between any of them\./],
    [3, /latency: (No order is claimed between: |All ranges over boots are apart)|p50: (No order is|All ranges)/],
  ] as const) {
    const { judged } = await testRun({ plan: { mechanisms: ['stock', 'keyagent-fd', 'userns-fd'], boots } });
    const { run, metrics, verdicts } = judged;
    const data = reportData(run, metrics, verdicts);
    for (const text of [textReport(run, metrics, verdicts), markdownReport(data), words(htmlReport(data))])
      assert.match(text.replaceAll(/\s+/g, ' '), sentence);
  }
});

test.run();
