// SPDX-License-Identifier: MIT
/** Cells that differ only in how deep their requesters run are told apart wherever a report names them. */
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import { aCell, aContainer, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { verdictSentence } from './conclusion.ts';
import { markdownReport } from './markdown-report.ts';
import { reportData } from './report-data.ts';
import { bootsSection } from './sections/boots.ts';
import { missingSection } from './sections/missing.ts';
import { notMetSection } from './sections/verdicts.ts';
import { latencyTable } from './tables/latency.ts';
import { words } from './testing/document.ts';

const test = suite('depth in reports');

const mechanism = { name: 'userns-fd', route: 'userns', delivery: 'fd-write', helper: 'keyutils' } as const;
const cells = [0, 8].map((depth) =>
  aCell({
    id: `d${depth}`,
    mechanism,
    scenario: 'nesting',
    containers: [aContainer('subject', { depth })],
    windows: [{ ms: 4000, maxRequests: 1000, samples: false }],
    expect: { 'right-answerer': 'held' },
  }),
);

/** The deeper takes ten times as long, and in boot 1 somebody else answers it. */
const doctoring: Doctoring = {
  frame: (frame, boot) => {
    if (frame.t !== 'window') return frame;
    const deep = frame.cell === 'd8';
    const hist = histogramOf(Array(frame.hist.count).fill((deep ? 10_000 : 1_000) * (1 + 0.1 * boot)));
    return deep && boot === 1 ? { ...frame, hist, wrong: 1 } : { ...frame, hist };
  },
};
const run = aRun(aPlan(cells, 3), doctoring);
const data = reportData(run, metricsOf(run), judge(run));
const text = (content: unknown) => words(String(content));

test('each depth has its own row of boots, with its own figures', () => {
  const description = /<desc[^>]*>([^<]*)/.exec(String(bootsSection(data).content))?.[1] ?? '';
  assert.match(description, /userns-fd, 0 below p50: .*userns-fd, 8 below p50: /);
});

test('each depth has its own row of the text for a posting', () => {
  const table = markdownReport(data);
  assert.match(table, /\| {3}userns-fd, 0 below +\| 1\.1 µs/);
  assert.match(table, /\| {3}userns-fd, 8 below +\| 11 µs/);
  assert.match(table, /FAIL right-answerer, nesting x userns-fd, 8 below: violated/);
});

test('a verdict is that of its depth, and is named with it', () => {
  const { rows } = latencyTable(data.metrics, data.verdicts, { scenario: 'nesting', container: 'subject' });
  assert.equal(
    rows.map((row) => [row[0], row.at(-1)]),
    [
      ['userns-fd, 0 below', 'pass'],
      ['userns-fd, 8 below', 'fail'],
    ],
  );
  assert.match(verdictSentence(data), 'right-answerer (nesting × userns-fd, 8 below)');
  assert.match(text(notMetSection(data)?.content), 'nesting × userns-fd, 8 below');
});

test('a figure that one depth lacks is missing there', () => {
  const lost = aRun(aPlan(cells, 1), {
    frame: (frame) => (frame.t === 'window' && frame.cell === 'd8' ? null : frame),
  });
  const missing = text(missingSection(reportData(lost, metricsOf(lost), [])).content);
  assert.match(missing, /missing-frame in boot 0 nesting subject steady closed:1: userns-fd, 8 below/);
});

test.run();
