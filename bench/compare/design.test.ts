// SPDX-License-Identifier: MIT

import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import { designOf } from './design.ts';
import type { Side } from './side.ts';
import { choice, hour, twoRuns } from './testing/runs.ts';

const test = suite('which boots are compared with which', { timeoutMs: 170_000 });
test.after(removeTestRuns);

test('boots belong together when both sides of a block were measured before the next block', async () => {
  const sides = await twoRuns(3);
  /** Boot after boot, at these hours. */
  const at = (side: Side, hours: readonly number[]): Side => ({
    ...side,
    boots: side.boots.map((boot, i) => {
      const stamp = (minutes: number) => new Date((hours[i] as number) * hour + minutes * 60_000).toISOString();
      const [start, end] = [boot.start, boot.end];
      return { ...boot, start: start && { ...start, at: stamp(0) }, end: end && { ...end, at: stamp(30) } };
    }),
  });
  const kindOf = (base: number[], other: number[]) => {
    const { kind, blocks, atOnce } = designOf({ ...sides, base: at(sides.base, base), new: at(sides.new, other) });
    return [kind, blocks.length, atOnce];
  };
  assert.equal(kindOf([0, 3, 4], [1, 2, 5]), ['interleaved', 3, false]);
  assert.equal(kindOf([0, 1, 2], [3, 4, 5]), ['separate', 1, false]);
  assert.equal(kindOf([0, 2, 4], [0.2, 2.2, 4.2]), ['separate', 1, true]);
  // What two hosts do at the same time, or in turn, disturbs nobody and is not of one block.
  const elsewhere = (side: Side): Side => {
    const { manifest } = side.run;
    return { ...side, run: { ...side.run, manifest: { ...manifest, host: { ...manifest.host, name: 'elsewhere' } } } };
  };
  for (const other of [
    [0.2, 2.2, 4.2],
    [1, 3, 5],
  ]) {
    const apart = designOf({ ...sides, base: at(sides.base, [0, 2, 4]), new: elsewhere(at(sides.new, other)) });
    assert.equal([apart.kind, apart.atOnce], ['separate', false]);
  }
  const turned = { ...sides, base: at(sides.base, [0, 3, 4]), new: at(sides.new, [1, 2, 5]) };
  const broken = turned.new.boots.map((boot, i) => (i === 1 ? { ...boot, finished: false } : boot));
  const { blocks, left } = designOf({ ...turned, new: { ...turned.new, boots: broken } });
  assert.equal([blocks.length, left], [2, { base: [1], new: [1] }]);
  const only = (side: Side, finished: number): Side => ({
    ...side,
    boots: side.boots.map((boot, i) => ({ ...boot, finished: i === finished })),
  });
  assert.throws(
    () => compare({ ...turned, base: only(turned.base, 0), new: only(turned.new, 2) }, choice, false),
    (error: unknown) =>
      error instanceof KeystormError && error.exitCode === 4 && /No block came to its end/.test(error.message),
  );
});

test.run();
