// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { Frame, FrameOf } from '../../results/frames.ts';
import { histogramOf } from '../../results/histogram-data.ts';
import type { RecordOf, RunRecord } from '../../results/records.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { Silences } from './silences.ts';
import { processUsage } from './usage.ts';

const test = suite('what the harness uses in a window', { timeoutMs: 20_000 });
test.after(removeTestRuns);

const beat = (mono: number): Frame => ({ t: 'beat', n: 0, mono, phase: 'x' });
const window = (mono_start: number, mono_end: number): FrameOf<'window'> => ({
  t: 'window',
  n: 0,
  cell: 'c0',
  index: 0,
  container: 'a',
  mono_start,
  mono_end,
  started: 0,
  ended: 0,
  ok: 0,
  errors: {},
  wrong: 0,
  foreign_ns: 0,
  open: 0,
  twice: 0,
  late: 0,
  truncated: false,
  hist: histogramOf([]),
  errors_hist: null,
});

/** Silences whose clock stands at what is given with each chunk: [arrives at, dealt with at, what is in it]. */
function after(...chunks: (readonly [number, number, ...Frame[]])[]): Silences {
  let now = 0;
  const silences = new Silences(() => ({ wallNs: now, cpuNs: now / 100 }));
  for (const [arrives, done, ...frames] of chunks) {
    now = arrives;
    silences.broken();
    for (const frame of frames) silences.heard(frame);
    now = done;
    silences.begins();
  }
  now = (chunks.at(-1)?.[1] ?? 0) + 500;
  silences.broken();
  return silences;
}

test('the silence of a window is the one in which it began', () => {
  const silences = after([100, 110, beat(1_000)]);
  assert.equal(silences.around(1_050), { wallNs: 500, cpuNs: 5 });
});

test('heartbeats of the warm-up before it, and of its draining after it, are told apart from it', () => {
  // Beats at 1000 and 3000 of the guest's clock; the window is from 3100 to 3400, and drains until after a beat at 5400.
  const silences = after([100, 110, beat(1_000)], [2_100, 2_110, beat(3_000)], [4_510, 4_520, beat(5_400)]);
  assert.equal(silences.around(3_100), { wallNs: 2_400, cpuNs: 24 });
});

test('what is said in pieces, before it or after it, has silences of its own, which are short', () => {
  const silences = after([100, 110, beat(1_000)], [120, 121], [130, 131], [900, 910], [912, 915]);
  // 131 to 900, not the 500 that follow the last piece after 915.
  assert.is(silences.around(1_100)?.wallNs, 769);
});

test('what came before an earlier window is not its own', () => {
  const silences = after([100, 110, beat(1_000)], [900, 910, window(1_100, 1_900)]);
  assert.equal(silences.around(2_000), { wallNs: 500, cpuNs: 5 });
  assert.is(silences.around(1_100), undefined, 'the other containers of a window have no silence of their own');
});

test('before anything was heard there is none', () => {
  assert.is(new Silences(processUsage).around(5), undefined);
});

test('a process uses some of the host, and never less than before', () => {
  const before = processUsage();
  while (processUsage().cpuNs === before.cpuNs);
  const after = processUsage();
  assert.ok(after.cpuNs > before.cpuNs && after.wallNs > before.wallNs);
});

const ofKind = <K extends RunRecord['kind']>(records: readonly RunRecord[], kind: K) =>
  records.filter((record): record is RecordOf<K> => record.kind === kind);

test('each window of a run has one record of it, before its first frame, as long as the window at least', async () => {
  let cpuNs = 0;
  const { judged } = await testRun({
    usage: (clock) => () => {
      cpuNs += 1_000;
      return { wallNs: Math.round(clock.now() * 1e6), cpuNs };
    },
  });
  const { records, status } = judged.run;
  assert.is(status, 'complete');
  const windows = ofKind(records, 'frame').flatMap(({ frame, boot }) =>
    frame.t === 'window' ? [{ ...frame, boot }] : [],
  );
  const harness = ofKind(records, 'harness');
  assert.equal(
    harness.map(({ boot, cell, index }) => [boot, cell, index]),
    windows.map(({ boot, cell, index }) => [boot, cell, index]),
  );
  for (const [i, { wallNs, cpuNs }] of harness.entries()) {
    const frame = windows[i];
    // Virtual time is kept in ms, as a fraction: give it a nanosecond or two.
    assert.ok(frame && wallNs >= frame.mono_end - frame.mono_start - 2);
    assert.is(cpuNs, 1_000, 'nothing but the two readings: nobody read in between');
  }
});

test('guests in a time of their own have none, unless it is asked for', async () => {
  const { judged } = await testRun();
  assert.equal(ofKind(judged.run.records, 'harness'), []);
});

test.run();
