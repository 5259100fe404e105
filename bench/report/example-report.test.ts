// SPDX-License-Identifier: MIT
/** The text for a posting that the docs show is what this version makes of the example run. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { markdownReport } from './markdown-report.ts';
import { reportData } from './report-data.ts';

const test = suite('the example report of the docs');
const root = new URL('../../', import.meta.url);

test('it is the report of the example run, word for word', () => {
  const run = readRun(fileURLToPath(new URL('results/examples/quick-1', root)));
  const shown = readFileSync(new URL('docs/example-report.md', root), 'utf8');
  const again = 'npm run -s keystorm -- report quick-1 --out DIR writes it: take its report.md into docs/';
  assert.is(markdownReport(reportData(run, metricsOf(run), judge(run))), shown, again);
});

test.run();
