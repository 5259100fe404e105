// SPDX-License-Identifier: MIT
/** Samples of a window: every request once, in order of their starts, in frames that are not too long. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('samples of a window', { timeoutMs: programBoundMs });

const perFrame = 2_000;
const enokey = 126;

let program: Program;
test.before(() => {
  program = new Program([
    'runner/testing/samples.c',
    'runner/window_samples.c',
    'runner/window_place.c',
    'runner/json.c',
  ]);
});
test.after(() => program?.remove());

interface Samples {
  readonly rows: readonly (readonly number[])[];
  readonly last: boolean;
}

function samplesOf(requests: number, ...killed: 'killed'[]): Samples[] {
  return program.lines([requests, ...killed]).map((line) => JSON.parse(line) as Samples);
}

for (const [requests, frames] of [
  [0, [0]],
  [1, [1]],
  [perFrame, [perFrame]],
  [perFrame + 1, [perFrame, 1]],
  [2 * perFrame + 500, [perFrame, perFrame, 500]],
] as const)
  test(`${requests} requests are so many frames: ${frames.length}`, () => {
    const parts = samplesOf(requests);
    assert.equal(
      parts.map(({ rows }) => rows.length),
      frames,
    );
    assert.equal(
      parts.map(({ last }) => last),
      frames.map((_, i) => i === frames.length - 1),
    );
    const starts = parts.flatMap(({ rows }) => rows.map(([start]) => start));
    assert.equal(
      starts,
      Array.from({ length: requests }, (_, i) => i + 1),
    );
  });

test('a row is start, latency, errno, agent and worker; of what has not ended neither latency nor errno is known', () => {
  const rows = samplesOf(5).flatMap((part) => part.rows);
  assert.equal(rows, [
    [1, 2, 0, 7, 0],
    [2, 2, 0, 7, 0],
    [3, 2, enokey, 7, 0],
    [4, 2, 0, 7, 0],
    [5, -1, -1, 7, 0],
  ]);
});

test('what was cut off with its requester is in no row, what had ended before is', () => {
  const rows = samplesOf(5, 'killed').flatMap((part) => part.rows);
  assert.equal(
    rows.map(([start]) => start),
    [1, 2, 3, 4],
  );
});

test.run();
