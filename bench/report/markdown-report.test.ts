// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, type TestRun, testRun } from '../testing/test-run.ts';
import { combine, findMetric, perBoot } from './figures.ts';
import { escapedMarkdown, markdownTable } from './markdown/markdown.ts';
import { wrapped, wrappedCommand } from './markdown/wrap.ts';
import { markdownReport } from './markdown-report.ts';
import { reportData } from './report-data.ts';
import { ratioFormat, sideBySide } from './spread.ts';

const test = suite('the text for a posting', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const textOf = ({ judged: { run, metrics, verdicts } }: TestRun) => markdownReport(reportData(run, metrics, verdicts));

test('a usual run fits a screen or so, and a terminal; verdict first, how to repeat it last', async () => {
  const run = await testRun({ plan: { mechanisms: [], scenarios: [], boots: 3, quick: false } });
  const lines = textOf(run).split('\n');
  assert.ok(lines.length <= 72, `${lines.length} lines`);
  for (const line of lines) assert.ok([...line].length <= 80, `${[...line].length} columns: ${line}`);
  assert.is(lines[0], '# keystorm: pass');
  assert.match(lines[2] ?? '', /^All \d+ expectations met/);
  assert.match(lines.join('\n'), /- FAKE: the fake machine made these figures up/);
  // However it is broken into lines.
  const repeat = lines.join('\n').split('\n\n    npm run -s keystorm -- bench')[1] ?? '';
  assert.match(repeat.replace(/ \\\n +/g, ' '), / --boots 3 --seed 7\n$/);
});

test('its ratios are those of the metrics', async () => {
  const run = await testRun({ plan: { mechanisms: [], scenarios: ['latency'], boots: 3, quick: false } });
  const p50 = (mechanism: string) =>
    perBoot(findMetric(run.judged.metrics, 'upcall.latency.p50', { scenario: 'latency', mechanism }));
  const ratio = sideBySide(
    combine([p50('keyagent-fd'), p50('stock')], (a, b) => a / b),
    ratioFormat,
  );
  assert.ok(textOf(run).includes(`| ${ratio?.replace(/×(?=\.\.|\])/g, '')}`), String(ratio));
});

test('what failed is there, with its evidence', async () => {
  const text = textOf(await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1 panic@1.0' }));
  assert.match(text, /^# keystorm: fail\n/);
  assert.match(text, /- FAILED BOOTS: 1 of 2 \(guest-panic\)/);
  assert.match(text, /- FAIL right-answerer, latency x keyagent-fd: violated, expected held:\s+boot 0/);
  assert.match(text, /- boot 1: guest-panic/);
});

test('a guest cannot put tags, code or links into it', () => {
  const hostile = '<img src=x> `code` ![pixel](http://evil) [link](http://evil) a | b \u001b[31m';
  const cell = aCell({ expect: { 'kernel-log-clean': 'held' } });
  const run = aRun(aPlan([cell], 1), {
    frame: (each) => (each.t === 'kmsg' ? { ...each, lines: [[0, 1, `BUG: ${hostile}`]] } : each),
  });
  const text = markdownReport(reportData(run, metricsOf(run), judge(run)));
  assert.match(text, /BUG/);
  assert.not.match(text.replaceAll(/\\./g, ''), /<img|`|!\[|\]\(/);
  assert.not.ok(text.includes('\u001b'));
});

test('whatever is escaped, nothing of it acts, and without the escapes it is what it was', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z<>`|\\[\]()! ]*$/), (text) => {
      const escaped = escapedMarkdown(text);
      assert.is(escaped.replaceAll(/\\([<`|\\[\]!])/g, '$1'), text);
      assert.not.match(escaped.replaceAll(/\\./g, 'x'), /[<`|]|\]\(|!\[/);
    }),
  );
});

test('a table is as wide as its widest cells, in characters and not in bytes', () => {
  assert.equal(markdownTable(['a', 'µs'], [['long', '1 µs'], ['x']]), [
    '| a    | µs   |',
    '|------|------|',
    '| long | 1 µs |',
    '| x    |      |',
  ]);
  const wide = 'w'.repeat(40);
  const ragged = ['| a | b |', '|-----|-----|'].map((line) => line.replace('a | b', 'a   | b  '));
  assert.equal(
    markdownTable(
      ['a', 'b'],
      [
        [wide, 'x'],
        ['x', wide],
      ],
    ),
    [...ragged, `| ${wide} | x   |`, `| x   | ${wide} |`],
  );
});

test('lines break at spaces, never between a figure and its unit', () => {
  assert.equal(wrapped('one two three', '  ', 8), ['one two', '  three']);
  assert.equal(wrapped('it took 12 ms', '', 10), ['it took', '12 ms']);
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      const lines = wrapped(words.join(' '), '', 20);
      assert.is(lines.join(' '), words.join(' '));
      for (const line of lines) assert.ok(line.length <= 20);
    }),
  );
});

test('a long command is one that a shell still reads: quoted words whole, an option with its value', () => {
  const lines = wrappedCommand(`npm run x -- --kernel 'a b' --boots 3 --seed 7`, 22);
  assert.equal(lines, ['npm run x -- \\', `  --kernel 'a b' \\`, '  --boots 3 --seed 7']);
});

test.run();
