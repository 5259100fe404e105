// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { type FileOps, realFileOps } from '../../results/file-ops.ts';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { standardBounds } from './bounds.ts';

const test = suite('running a plan', { timeoutMs: 20_000 });
test.after(removeTestRuns);

const cellFrames = (windows: number) => [
  ...Array.from({ length: windows }, () => ['meter', 'window']).flat(),
  'counters',
  'keys',
  'kmsg',
];
const nullCell = ['cell', ...cellFrames(3)];
const agentCell = ['cell', 'agent', ...cellFrames(3)];

/** What a boot of the small plan does, given the order of its cells. */
const bootEvents = (boot: number, ...cells: readonly (readonly string[])[]) => [
  `boot ${boot} starts`,
  `guest ${boot} is up`,
  ...['hello', 'floor', 'floor', 'floor', 'floor', ...cells.flat(), 'unload', 'kmsg', 'done'].map(
    (type) => `${boot} ${type}`,
  ),
  `boot ${boot} done`,
];

test('boots follow one another, floors come first, cells in the order of the plan', async () => {
  const { events, judged, outcomes } = await testRun();
  const { plan } = judged.run.manifest;
  const order = plan.boots.map((boot) =>
    boot.steps.flatMap((step) => (step.kind === 'cell' ? [step.cell === 'c00' ? agentCell : nullCell] : [])),
  );
  assert.equal(events, ['run starts', ...bootEvents(0, ...(order[0] ?? [])), ...bootEvents(1, ...(order[1] ?? []))]);
  assert.equal(outcomes, ['done', 'done']);
  assert.is(judged.run.status, 'complete');
  assert.is(judged.exitCode, 0);
});

test('the same seed gives the same records, to the byte', async () => {
  const [one, other] = [await testRun(), await testRun()];
  assert.equal(one.judged.run.records, other.judged.run.records);
});

test('a whole default run behaves as the scenarios expect', async () => {
  const { judged } = await testRun({ plan: { mechanisms: [], scenarios: [], boots: 1, quick: false } });
  const wrong = judged.verdicts.filter(({ verdict }) => verdict !== 'pass');
  assert.equal(wrong, []);
  assert.is(judged.exitCode, 0);
});

/** Misbehaviour in the first boot → failure kind, and frames of the boot that are kept all the same. */
const failures: readonly [string, string, RegExp, string[]][] = [
  ['boot-failure@0', 'boot-failure', /did not come up/, []],
  ['panic@0.1', 'guest-panic', /panicked/, ['hello', 'floor', 'cell', 'window', 'counters']],
  ['hang@0.1', 'hang', /fell silent for 9.5 s while working on cell c0\d.*; its console was silent/, ['window']],
  ['no-progress@0.1', 'timeout', /made no progress for 150 s while .*though its heart beats/, ['window']],
  ['corrupt-frame@0.1', 'lost-connection', /no valid frame/, ['hello', 'window', 'done']],
  ['lost-frame@0.1', 'lost-connection', /came where \d+ was due/, ['hello', 'window', 'done']],
  ['lost-connection@0.1', 'lost-connection', /before its last word/, ['hello', 'window']],
  ['runner-error@0.1', 'harness-fault', /gave up in container: crun failed, as the script says/, ['window', 'error']],
  [
    'stuck-panic@0.1',
    'guest-panic',
    /panicked: Kernel panic .* \(seen as: The guest fell silent for 9.5 s .*its console last spoke \d+ s ago/,
    ['window'],
  ],
  ['oops@0.0 lost-connection@0.1', 'oops', /kernel broke: BUG: .* \(seen as: The runner's output ended/, ['window']],
  ['oops@0.1', 'oops', /kernel broke: BUG: kernel NULL pointer dereference/, ['window', 'done']],
  ['reboot@0.1', 'guest-panic', /reset itself without a word/, ['window']],
  ['repeat-frame@0.1', 'lost-connection', /came where \d+ was due/, ['window', 'done']],
  ['torn-line@0.1', 'lost-connection', /before its last word \(before that, a line was no valid frame/, ['hello']],
  ['start-failure@0', 'harness-fault', /could not be started/, []],
  ['no-channel@0', 'lost-connection', /cannot be reached/, []],
  ['deaf@0', 'harness-fault', /was still there 60 s after it was told to end/, ['window', 'done']],
  ['pause@0.0 hang@0.1', 'hang', /fell silent for 9.5 s while working on cell c0\d/, ['window']],
  ['hang@0.1 deaf@0', 'hang', /fell silent/, ['window']],
];

for (const [script, kind, message, kept] of failures) {
  test(`${script} is a ${kind}; what was heard is kept, and the next boot is tried`, async () => {
    const { judged, outcomes, events } = await testRun({ script });
    assert.equal(outcomes, ['failed', 'done']);
    assert.ok(events.includes(`boot 0 ${kind}`));
    const failure = judged.run.records.find((record) => record.kind === 'failure');
    assert.ok(failure?.kind === 'failure');
    assert.is(failure.failureKind, kind);
    assert.match(failure.message, message);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be there
    assert.not.match(failure.message, /[\u0000-\u001f]/);
    const frames = judged.run.records.flatMap((each) =>
      each.kind === 'frame' && each.boot === 0 ? [String(each.frame.t)] : [],
    );
    for (const type of kept) assert.ok(frames.includes(type), `${type} is missing`);
    assert.is(judged.exitCode, 3);
    const p50 = judged.metrics.find(({ name }) => name === 'upcall.latency.p50');
    assert.is(p50?.samples.length, 2);
    assert.type(p50?.samples[1]?.value, 'number');
  });
}

test('an abort while a guest that does not end is waited for is an abort', async () => {
  const { outcomes, judged, tookMs } = await testRun({
    script: 'deaf@0',
    onEvent: (event, abort) => event === '0 window' && abort('SIGINT'),
  });
  assert.equal(outcomes, ['aborted']);
  assert.is(judged.run.status, 'aborted');
  assert.ok(tookMs < 2 * standardBounds.stopMs);
});

test('a guest that hangs is given up after its bound, and not before', async () => {
  const [sound, hung] = [
    await testRun({ plan: { boots: 1 } }),
    await testRun({ script: 'hang@0', plan: { boots: 1 } }),
  ];
  assert.ok(hung.tookMs >= standardBounds.heartbeatMs);
  assert.ok(hung.tookMs <= standardBounds.heartbeatMs + sound.tookMs);
});

test('a guest that is paused for a minute has not failed', async () => {
  const [sound, paused] = [await testRun(), await testRun({ script: 'pause@0.0 pause@1.1' })];
  assert.equal(paused.outcomes, ['done', 'done']);
  assert.is(paused.judged.run.status, 'complete');
  assert.ok(paused.tookMs >= sound.tookMs + 119_999);
});

test('one that hangs while it is paused is found when it should go on', async () => {
  const { judged } = await testRun({ script: 'pause@0#5 hang@0#5', plan: { boots: 1 } });
  const failure = judged.run.records.find((record) => record.kind === 'failure');
  assert.ok(failure?.kind === 'failure');
  assert.is(failure.failureKind, 'hang');
  assert.match(
    failure.message,
    /fell silent for 69.\d s, (60|59.9) s of which it could not run or not be heard, while/,
  );
});

test('a window’s frame that was garbled is kept as it came', async () => {
  const { judged } = await testRun({ script: 'corrupt-frame@0.0' });
  const bad = judged.run.records.find((record) => record.kind === 'bad-frame');
  assert.ok(bad?.kind === 'bad-frame');
  assert.match(bad.text, /^KSF [0-9a-f]{8} .*"ended"/);
  assert.match(bad.reason, /crc/);
  assert.is(judged.run.status, 'incomplete');
});

test('wrong answers fail the run without a guest having failed', async () => {
  const { judged, outcomes } = await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' });
  assert.equal(outcomes, ['done', 'done']);
  const failed = judged.verdicts.filter(({ verdict }) => verdict === 'fail').map(({ oracle }) => oracle);
  assert.equal(failed, ['right-answerer']);
  assert.is(judged.exitCode, 1);
});

test('an escape to the host’s helper fails the run', async () => {
  const { judged } = await testRun({ script: 'helper-escape@0.0 helper-escape@0.1' });
  const failed = new Set(judged.verdicts.filter(({ verdict }) => verdict === 'fail').map(({ oracle }) => oracle));
  assert.ok(failed.has('no-host-helper'));
  assert.is(judged.exitCode, 1);
});

test('an abort within a boot keeps what was heard, marks the run, and starts no other boot', async () => {
  const { events, judged, outcomes } = await testRun({
    onEvent: (event, abort) => event === '0 window' && abort('SIGINT'),
  });
  assert.equal(outcomes, ['aborted']);
  assert.is(judged.run.status, 'aborted');
  assert.not.ok(events.includes('boot 1 starts'));
  const kinds = judged.run.records.map(({ kind }) => kind);
  assert.equal(kinds.slice(-2), ['aborted', 'boot-end']);
  const windows = judged.run.records.filter((each) => each.kind === 'frame' && each.frame.t === 'window');
  assert.is(windows.length, 1);
  assert.is.not(judged.exitCode, 0);
});

test('an abort while the guest boots ends it there', async () => {
  const { outcomes, judged, tookMs } = await testRun({
    onEvent: (event, abort) => event === 'boot 0 starts' && abort('SIGTERM'),
  });
  assert.equal(outcomes, ['aborted']);
  assert.is(judged.run.status, 'aborted');
  assert.ok(tookMs < 5_000);
});

test('an abort between boots is recorded too', async () => {
  const { judged, outcomes } = await testRun({
    onEvent: (event, abort) => event === 'boot 0 done' && abort('SIGINT'),
  });
  assert.equal(outcomes, ['done']);
  const [last] = judged.run.records.slice(-1);
  assert.ok(last?.kind === 'aborted' && last.boot === null && last.signal === 'SIGINT');
});

test('a full disk ends the run with one sentence, the guest gone, and what was recorded readable', async () => {
  let budget = 40;
  const full: FileOps = {
    ...realFileOps,
    write: (...args) => {
      if (budget-- > 0) return realFileOps.write(...args);
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    },
  };
  let dir = '';
  try {
    await testRun({
      writer: { files: full },
      onEvent: () => {},
    }).then((run) => {
      dir = run.dir;
    });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 3);
    assert.match((error as Error).message, /the disk is full/);
    dir = /in (\S+):/.exec((error as Error).message)?.[1] ?? '';
  }
  const run = readRun(dir);
  assert.is(run.status, 'incomplete');
  assert.ok(run.records.some((record) => record.kind === 'frame'));
});

test('each boot has a folder of its own with its console', async () => {
  const { dir } = await testRun();
  for (const boot of [0, 1]) assert.ok(existsSync(path.join(dir, `boot-${boot}`, 'console.log')));
});

test.run();
