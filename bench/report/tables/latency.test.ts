// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { aCell, aContainer, aPlan } from '../../../results/testing/plans.ts';
import { aRun } from '../../../results/testing/runs.ts';
import { metricsOf } from '../../measure/metrics.ts';
import { suite } from '../../testing/suite.ts';
import { perBoot } from '../figures.ts';
import { markdownReport } from '../markdown-report.ts';
import { reportData } from '../report-data.ts';
import { ratioFormat, stacked } from '../spread.ts';
import { textReport } from '../text-report.ts';
import { latencyTable } from './latency.ts';

const test = suite('the table of latencies');

const nullActor = { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } as const;
const plan = aPlan(
  [
    aCell(),
    aCell({ id: 'c1', mechanism: nullActor, containers: [aContainer('subject', { agent: 'none' })] }),
    aCell({ id: 'c2', scenario: 'mixed' }),
  ],
  2,
);
const eventfd = { kind: 'floor', floor: 'eventfd', iterations: 100 } as const;
const run = aRun({ ...plan, boots: plan.boots.map((boot) => ({ ...boot, steps: [eventfd, ...boot.steps] })) });
const metrics = metricsOf(run);
const of = (scenario: string) => latencyTable(metrics, [], { scenario, container: 'subject' });

test('what a p50 is over its floor is the figure of the metrics', () => {
  const { head, rows } = of('latency');
  const metric = metrics.find(
    ({ name, dimensions }) => name === 'upcall.over_floor' && dimensions.scenario === 'latency',
  );
  assert.is(rows[0]?.[head.indexOf('p50 / floor')], stacked(perBoot(metric), ratioFormat));
});

test('the null actor of another scenario is no floor: that there is none is said', () => {
  const { head, rows, notes } = of('mixed');
  assert.is(rows[0]?.[head.indexOf('p50 / floor')], '–');
  assert.ok(notes.includes('p50 / floor: null-actor was not measured in this scenario'));
  assert.match(
    markdownReport(reportData(run, metrics, [])),
    /\| mixed +\|[ |]+\|\n\| {3}keyagent-fd +\| [^|]+ \| +\| +\|/,
  );
});

test('what each level of namespaces costs has a table of its own', () => {
  const nest = [0, 8].map((depth) =>
    aCell({ id: `d${depth}`, scenario: 'nesting', containers: [aContainer('subject', { depth })] }),
  );
  const deep = aRun(aPlan(nest, 1));
  const data = reportData(deep, metricsOf(deep), []);
  assert.match(
    textReport(deep, data.metrics, []),
    /Each user namespace between requester and agent\n.*\n.*adds to the p50/,
  );
  assert.match(
    markdownReport(data),
    /\| scenario \| mechanism +\| adds to the p50 \|\n.*\n\| nesting +\| keyagent-fd \| 0 ns/,
  );
});

test.run();
