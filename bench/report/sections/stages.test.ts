// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { aCell, aPlan } from '../../../results/testing/plans.ts';
import { aRun } from '../../../results/testing/runs.ts';
import type { Metric } from '../../measure/metric.ts';
import { suite } from '../../testing/suite.ts';
import { reportData } from '../report-data.ts';
import { words } from '../testing/document.ts';
import { stagesSection } from './stages.ts';

const test = suite('stages in reports');

const part = (name: string, ...values: number[]): Metric => ({
  name: `stage.${name}.mean`,
  unit: 'ns',
  dimensions: { scenario: 'stages', mechanism: 'keyagent-fd', container: 'subject', phase: 'stages' },
  samples: values.map((value, boot) => ({ boot, block: boot, host: 'h', seed: 1, value })),
});

test('the whole is added up in each boot: the medians of its parts are of different ones', () => {
  // In each boot another part takes nearly all of the time.
  const metrics = [
    part('enter', 100_000, 12_000, 12_000),
    part('route', 12_000, 100_000, 12_000),
    part('return', 12_000, 12_000, 106_000),
  ];
  const { content } = stagesSection(reportData(aRun(aPlan([aCell()], 3)), metrics, [])) ?? {};
  assert.match(words(String(content)).replaceAll('\u00a0', ' '), ' 124 µs [124..130] ');
});

test.run();
