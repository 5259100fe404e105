// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { compare } from '../compare/compare.ts';
import { defaultDeltas } from '../compare/judged.ts';
import { runsAsSides } from '../compare/side.ts';
import type { Verdict } from '../judge/verdict.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { junit } from './junit.ts';

const test = suite("JUnit's XML", { timeoutMs: 60_000 });
test.after(removeTestRuns);

const { judged } = await testRun();

const verdict = (verdict: Verdict['verdict'], property: Verdict['property'], more: Partial<Verdict> = {}): Verdict => ({
  ...{ oracle: 'right-answerer', property, expected: 'held', verdict },
  ...{ dimensions: { scenario: 'latency', mechanism: 'keyagent-fd' }, evidence: 'boot 0: so it was' },
  ...more,
});

/** The line of a test case. */
function caseOf(text: string, className: string, name: string): string {
  const start = `<testcase classname="${className}" name="${name}">`;
  return (
    text
      .split('\n')
      .find((line) => line.startsWith(start))
      ?.slice(start.length) ?? `no ${start}`
  );
}

test('a suite for the run and for each scenario, a case for each boot and verdict', () => {
  const text = junit(judged);
  const suites = [...text.matchAll(/<testsuite name="([^"]*)" tests="(\d+)" failures="0" errors="0" skipped="0"/g)];
  assert.equal(
    suites.map(([, name, tests]) => [name, Number(tests)]),
    [
      ['run', 3],
      ['latency', judged.verdicts.length],
    ],
  );
  assert.match(text, '<property name="kernel" value="6.1-fake"/>');
  assert.match(text, ' timestamp="1970-01-01T00:00:00" hostname="host"');
  assert.match(caseOf(text, 'run', 'boot 1'), 'came to its end');
});

test('what failed is a failure with its evidence, what is not known is skipped with the reason, and a known weakness is said', () => {
  const text = junit({
    ...judged,
    verdicts: [
      verdict('fail', 'violated'),
      verdict('unknown', 'unknown', { oracle: 'recovers', evidence: 'boot 1: guest-panic' }),
      verdict('pass', 'violated', { oracle: 'no-host-helper', expected: 'violated' }),
      verdict('pass', 'unknown', { oracle: 'other', expected: 'any' }),
    ],
  });
  const of = (name: string) => caseOf(text, 'latency.keyagent-fd', name);
  assert.is(
    of('right-answerer'),
    '<failure type="violated" message="violated, but expected held: boot 0: so it was">boot 0: so it was</failure></testcase>',
  );
  assert.is(of('recovers'), '<skipped message="unknown, but expected held: boot 1: guest-panic"/></testcase>');
  assert.match(of('no-host-helper'), '<system-out>violated, as expected: boot 0: so it was</system-out>');
  assert.match(of('other'), '<system-out>unknown: boot 0');
  assert.match(text, /<testsuite name="latency" tests="4" failures="1" errors="0" skipped="1"/);
});

test('a guest that broke is an error with the end of its console', async () => {
  const { judged: broken } = await testRun({ script: 'panic@1.0' });
  const text = junit(broken);
  assert.match(
    text,
    /<testcase classname="run" name="boot 1"><error type="guest-panic" message="[^"]+">guest-panic: .*\n/,
  );
  assert.match(text, /<testsuite name="run" tests="3" failures="0" errors="1" skipped="0"/);
  assert.match(caseOf(text, 'run', 'boot 0'), 'came to its end');
});

test('a run that is not whole is never green, and a boot that was not reached is skipped', async () => {
  const { judged: aborted } = await testRun({
    onEvent: (event, abort) => event === 'guest 0 is up' && abort('SIGINT'),
  });
  const text = junit(aborted);
  assert.match(caseOf(text, 'run', 'whole'), '<error type="aborted" message="the run is aborted">');
  assert.is(caseOf(text, 'run', 'boot 1'), '<skipped message="not-reached"/></testcase>');
  const { run } = judged;
  const incomplete = junit({ ...judged, run: { ...run, status: 'incomplete', problems: ['A line is torn.'] } });
  assert.match(
    caseOf(incomplete, 'run', 'whole'),
    '<error type="incomplete" message="the run is incomplete">A line is torn.<',
  );
  const record = {
    kind: 'failure',
    boot: null,
    failureKind: 'harness-fault',
    message: 'No disk.',
    consoleTail: [],
  } as const;
  const stamp = { v: 4, seq: 0, at: '1970-01-01T00:00:00.000Z', hostNs: 0 } as const;
  const records = [...run.records, { ...record, ...stamp }];
  assert.match(caseOf(junit({ ...judged, run: { ...run, records } }), 'run', 'whole'), '<error type="broken"');
});

test('a comparison is a suite: what it comes to, and a case for each metric', async () => {
  const choice = { alpha: 0.01, deltas: defaultDeltas };
  const { judged: other } = await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' });
  const comparison = compare(runsAsSides(judged.run, other.run), choice, false);
  assert.is(comparison.overall, 'regressed');
  const text = junit({ ...other, comparison });
  const metrics = comparison.figures.metrics;
  assert.match(text, `<testsuite name="comparison" tests="${metrics.length + 1}" failures="1" errors="0"`);
  assert.match(
    caseOf(text, 'comparison', 'as a whole'),
    /^<failure type="regressed" message="regressed: .*now failing/,
  );
  assert.match(text, /WORSE {2}right-answerer of latency × keyagent-fd/);
  const p50 = caseOf(text, 'comparison.metrics', 'upcall.latency.p50 of latency × keyagent-fd, subject closed:1');
  assert.match(p50, /^<skipped message="underpowered: too few boots; \S+ \S+ → /);

  const [first, ...more] = metrics;
  if (first === undefined) throw new Error('nothing was compared');
  const told = { ...first, outcome: 'regressed', base: 1e6, new: 2e6, value: 2, interval: null } as const;
  const worse = {
    ...comparison,
    figures: { ...comparison.figures, metrics: [told, { ...told, outcome: 'improved' as const }, ...more] },
  };
  const said = junit({ ...other, comparison: worse });
  assert.match(said, /<failure type="regressed" message="regressed: 1 ms → 2 ms, 2.000×">lower is better<\/failure>/);
  assert.match(said, /<system-out>improved: 1 ms → 2 ms, 2.000×<\/system-out>/);
  const same = compare(runsAsSides(judged.run, (await testRun()).judged.run), choice, false);
  assert.match(
    caseOf(junit({ ...judged, comparison: same }), 'comparison', 'as a whole'),
    /^<skipped message="underpowered: /,
  );
});

test.run();
