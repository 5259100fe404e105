// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { Expected } from '../../../results/plan.ts';
import { aCell, aPlan } from '../../../results/testing/plans.ts';
import { aRun } from '../../../results/testing/runs.ts';
import { judge } from '../../judge/judge.ts';
import { suite } from '../../testing/suite.ts';
import { reportData } from '../report-data.ts';
import { featuresSection } from './features.ts';

const test = suite('the feature matrix of the page');

const plan = aPlan(
  (['held', 'violated', 'any'] as const).map((expected: Expected, index) =>
    aCell({
      id: `c${index}`,
      mechanism: { name: `m-${expected}`, route: 'session', delivery: 'fd-write', helper: 'keyutils' },
      expect: { 'no-host-helper': expected },
    }),
  ),
  1,
);

test('a known weakness, a surprise and what nobody had expected look different, and are told apart by word as well', () => {
  const run = aRun(plan, {
    frame: (frame) => (frame.t === 'counters' ? { ...frame, delta: { ...frame.delta, helper_execs: 1 } } : frame),
  });
  const page = String(featuresSection(reportData(run, [], judge(run)))?.content);
  const looks = [...page.matchAll(/<td class="([a-z-]+)"><span role="img" aria-label="([^"]+)">(.)/g)];
  assert.equal(
    looks.map(([, look, said, sign]) => [look, said, sign]),
    [
      ['surprise', 'violated, not as expected', '✗'],
      ['as-expected', 'violated', '✗'],
      ['open', 'violated, nothing was expected', '✗'],
    ],
  );
});

test.run();
