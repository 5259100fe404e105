// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { historyFile } from '../../results/history.ts';
import { nightlyStateFile, readOpenAlerts } from '../../results/nightly-state.ts';
import { KeystormError } from '../../vm/failure.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { aloneIn } from '../run/alone.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { type NightlyDocument, nightlyDocumentSchema } from './document.ts';
import { nightFileNames } from './files.ts';
import { baseline, job, slower, withScript } from './testing/job.ts';

const test = suite('nightly', { timeoutMs: 170_000 });
test.after(removeTestRuns);

const states = ({ alerts }: NightlyDocument) => alerts.map(({ state, what }) => `${state} ${what.split(' ')[0]}`);

test('nights in a row: one that is slower raises alerts, once; the next says that they are open, one without them that they are over', async () => {
  const { night, nights, out, history } = job();
  const runs: string[] = [];
  const step = async (...args: string[]) => {
    const { code, document } = await night(...args);
    runs.push(document.night.run);
    assert.equal(
      nights().map(({ runId }) => runId),
      runs,
      'each night is appended once',
    );
    assert.is(document.exitCode, code);
    return { code, document, text: readFileSync(path.join(out, 'nightly.txt'), 'utf8') };
  };
  for (let i = 0; i < 2; i++) {
    const { code, document, text } = await step();
    assert.equal([code, document.verdict, states(document)], [0, 'unchanged', []]);
    assert.match(text, /^unchanged: all 4 metrics within δ\.\n/);
  }
  const third = await step(...slower);
  assert.equal([third.code, third.document.verdict], [1, 'regressed']);
  assert.equal(states(third.document), [
    'raised upcall.latency.p50',
    'raised upcall.latency.p90',
    'raised upcall.throughput',
  ]);
  assert.match(third.text, /^regressed: 3 alerts raised\. First: upcall\.latency\.p50 of latency × keyagent-fd/);
  const day = third.document.night.createdAt.slice(0, 10);
  const ids = third.document.alerts.map(({ id }) => id);

  const fourth = await step(...slower);
  assert.is(fourth.code, 1);
  assert.equal(
    fourth.document.alerts.map(({ id, state, raised }) => [id, state, raised]),
    ids.map((id) => [id, 'open', third.document.night.createdAt]),
  );
  assert.ok(fourth.text.startsWith(`regressed: 3 still open since ${day}. First: upcall.latency.p50`));
  assert.equal(
    readOpenAlerts(history).map(({ id, seen }) => [id, seen]),
    ids.map((id) => [id, fourth.document.night.createdAt]),
  );
  const known = await step(...slower, '--only-new');
  assert.equal([known.code, known.document.verdict], [0, 'regressed']);

  const back = await step();
  assert.equal([back.code, back.document.verdict], [0, 'unchanged']);
  assert.equal(
    back.document.alerts.map(({ id, state }) => [id, state]),
    ids.map((id) => [id, 'resolved']),
  );
  assert.match(back.text, /^unchanged: 3 resolved\. Tonight: all 4 metrics within δ\./);
  assert.match(back.text, /RESOLVED +[0-9a-f]{12} .*\(raised .*; now upcall\.latency\.p50 .* 1\.000×/);
  assert.equal(states((await step()).document), []);
});

test('the verdict stands first in the text, the Markdown and the page', async () => {
  const { night, out } = job();
  await night(...slower);
  assert.equal(readdirSync(out).sort(), ['.lock', ...nightFileNames, 'runs'].sort());
  const file = (name: string) => readFileSync(path.join(out, name), 'utf8');
  assert.match(file('nightly.txt'), /^regressed: /);
  assert.match(file('nightly.md'), /^# keystorm nightly: regressed\n\n3 alerts raised/);
  assert.match(file('nightly.html'), /<title>regressed: keystorm nightly of /);
  assert.match(file('nightly.html'), /<header><h1><span class="verdict">regressed<\/span> 3 alerts raised/);
  for (const name of nightFileNames) assert.not.match(file(name), /NaN|undefined|Infinity/);
});

test('each file is read as it is meant', async () => {
  const { night, out } = job();
  const { document } = await night(...slower);
  const file = (name: string) => readFileSync(path.join(out, name), 'utf8');
  assert.equal(nightlyDocumentSchema.parse(JSON.parse(file('nightly.json'))), document);
  assert.match(file('junit.xml'), /<testsuite name="nightly" tests="4" failures="4" errors="0" skipped="0"/);
  assert.match(file('junit.xml'), /<testsuite name="comparison" tests="5" failures="4"/);
  assert.match(file('keystorm.prom'), /# EOF\n$/);
  const entries = ['smaller', 'bigger'].flatMap(
    (which) => JSON.parse(file(`github-benchmark-${which}.json`)) as { value: number }[],
  );
  assert.ok(entries.length === 4 && entries.every(({ value }) => Number.isFinite(value)));
  for (const name of ['benchstat.txt', 'benchstat-base.txt'])
    assert.is(
      file(name).match(/^BenchmarkLatency\/mechanism=keyagent-fd.* upcall\.latency\.p50-virtual-ns/gm)?.length,
      6,
    );
});

test('codes: 4 where too little was measured, 3 where a guest broke, 1 where an expectation is not met; all of them are kept', async () => {
  const few = await job().night('--boots', '3');
  assert.equal([few.code, few.document.verdict, few.document.history.nights], [4, 'underpowered', 1]);
  assert.match(few.document.said, /could not be decided with so few boots/);
  const broke = await withScript('panic@1.0', () => job().night());
  assert.equal([broke.code, broke.document.verdict, broke.document.history.added], [3, 'broken', true]);
  assert.match(broke.document.said, /1 of 6 boots of new did not come to their end|its end \(1 guest-panic\)/);
  const { night } = job();
  const wrong = await withScript('wrong-answers@0.0 wrong-answers@0.1', () => night());
  assert.equal([wrong.code, wrong.document.verdict], [1, 'not-met']);
  assert.match(
    wrong.document.alerts[0]?.what ?? '',
    /^right-answerer of latency × keyagent-fd: violated, expected held/,
  );
  assert.is(wrong.document.alerts[0]?.kind, 'verdict');
  assert.equal(states((await night()).document), ['resolved right-answerer']);
});

test('where no guest ever ran nothing is appended, nothing is resolved, and a report says why', async () => {
  const { night, nights, history, out } = job();
  await night(...slower);
  const before = readFileSync(path.join(history, historyFile));
  const script = Array.from({ length: 6 }, (_, boot) => `start-failure@${boot}`).join(' ');
  const { code, document } = await withScript(script, () => night(...slower, '--only-new'));
  assert.equal([code, document.verdict, nights().length], [3, 'regressed', 1]);
  assert.is(document.history.added, false);
  assert.match(document.said, /3 still open since .* Also: No boot of .* came to its end/);
  assert.ok(readFileSync(path.join(history, historyFile)).equals(before));
  assert.match(
    readFileSync(path.join(out, 'nightly.txt'), 'utf8'),
    /STILL OPEN .*last seen .*: tonight it could not be told/,
  );
});

test('the locked kernel is demanded of both sides: one that is gone ends the night before anything is measured', async () => {
  const { command, night, nights, history, out } = job();
  const { prepare } = FakeProvider.prototype;
  const asked: (readonly [string, boolean])[] = [];
  let gone = 'none';
  FakeProvider.prototype.prepare = async function (options) {
    asked.push([options.kernel, options.locked]);
    // As with a real one: whoever does not demand the locked kernel gets a newer one.
    if (options.locked && options.kernel === gone) throw new KeystormError(`Kernel ${gone} is gone.`);
    return prepare.call(this, options);
  };
  try {
    assert.is((await night('--new', 'kernel=6.12')).code, 0);
    const both = ['6.1', '6.12'];
    assert.equal(
      [...asked].sort(),
      both.map((kernel) => [kernel, true]),
    );
    const page = readFileSync(path.join(out, 'nightly.html'));
    const alerts = readFileSync(path.join(history, nightlyStateFile));
    for (gone of both) {
      const { code, out: text, err } = await command(...baseline, '--new', 'kernel=6.12');
      assert.equal([code, text], [2, ''], err);
      assert.match(err, `Kernel ${gone} is gone.`);
    }
    assert.is(nights().length, 1);
    assert.is(readdirSync(path.join(out, 'runs')).length, 2, 'no run was begun');
    assert.ok(readFileSync(path.join(history, nightlyStateFile)).equals(alerts));
    assert.ok(readFileSync(path.join(out, 'nightly.html')).equals(page), 'what measured nothing destroys nothing');
  } finally {
    FakeProvider.prototype.prepare = prepare;
  }
});

test('another nightly at the same history is refused, and nothing of it is begun', async () => {
  const { command, history, out } = job();
  const { code, out: text, err } = await aloneIn(history, () => command(...baseline));
  assert.equal([code, text], [2, '']);
  assert.match(err, /^keystorm: Another keystorm \(pid \d+ on .*\) is at work on .*history: wait for it, or end it\.$/);
  assert.not.ok(existsSync(path.join(out, 'runs')));
});

test('alerts or a history that are damaged: one sentence, code 2, and neither they nor last report are touched', async () => {
  const { night, command, history, out } = job();
  await night(...slower);
  const page = readFileSync(path.join(out, 'nightly.html'));
  const runs = readdirSync(path.join(out, 'runs')).length;
  for (const [name, message] of [
    [nightlyStateFile, /says what alerts are open, does not match its checksum: restore it from a copy, or remove it/],
    [historyFile, /not cut off but damaged/],
  ] as const) {
    const file = path.join(history, name);
    const whole = readFileSync(file, 'utf8');
    const broken = whole.replace('latency', 'latancy');
    writeFileSync(file, broken);
    const { code, out: text, err } = await command(...baseline);
    assert.equal([code, text, err.split('\n').length], [2, '', 1], err);
    assert.match(err, message);
    assert.is(readFileSync(file, 'utf8'), broken);
    writeFileSync(file, whole);
  }
  assert.ok(readFileSync(path.join(out, 'nightly.html')).equals(page));
  assert.is(readdirSync(path.join(out, 'runs')).length, runs);
});

test('a clock that went back is told before anything is measured', async () => {
  const { night, command, history, nights } = job();
  await night();
  const real = Date;
  const earlier = class extends real {
    constructor(...args: [] | [number | string]) {
      super(...((args.length === 0 ? [real.now() - 3_600_000] : args) as [number]));
    }
  };
  globalThis.Date = earlier as DateConstructor;
  try {
    const { code, err } = await command(...baseline);
    assert.is(code, 2);
    assert.match(err, /What is measured now, by this clock, was measured before .*-new, the last of the history/);
  } finally {
    globalThis.Date = real;
  }
  assert.is(nights().length, 1);
  assert.equal(readOpenAlerts(history), []);
});

test('what is no guest, has no figures, or cannot be written is refused before anything is measured', async () => {
  const { command, history } = job();
  const refused: readonly (readonly [string[], RegExp])[] = [
    [[], /--baseline <guest>' not specified/],
    [['--baseline', 'kernel=7.99'], /7\.99/],
    [[...baseline, '--scenario', 'latancy'], /latancy/],
    [[...baseline, '--out', '/proc/x'], /Nothing can be written into \/proc\/x .*; give --out a folder/],
    [[...baseline, '--history', '/proc/x'], /give --history a folder/],
  ];
  for (const [args, message] of refused) {
    const { code, err } = await command(...args);
    assert.is(code, 2);
    assert.match(err, message);
  }
  assert.not.ok(existsSync(history));
});

test.run();
