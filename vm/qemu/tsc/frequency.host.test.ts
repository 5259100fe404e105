// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache } from '../../cache.ts';
import { readFrequency, tscFrequency } from './frequency.ts';

const test = suite("the host's time stamp counter", { timeoutMs: 60_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-tsc-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('measured twice, it is the same within a part in a thousand, whatever else the host does', async () => {
  const cache = new Cache(path.join(root, 'cache'));
  const seen: number[] = [];
  for (let i = 0; i < 2; i++) {
    const found = await tscFrequency(cache, () => undefined);
    assert.ok('kHz' in found);
    seen.push(found.kHz);
  }
  const [a = 0, b = 0] = seen;
  assert.ok(Math.abs(a - b) <= a / 1_000, `${a} and ${b} kHz`);
});

test('where it cannot be measured, that is said and nothing breaks', async () => {
  const usual = process.env.PATH;
  process.env.PATH = path.join(root, 'empty');
  try {
    const found = await tscFrequency(new Cache(path.join(root, 'other')), () => undefined);
    assert.ok('note' in found);
    assert.match(found.note, 'clock is calibrated by the guest');
  } finally {
    process.env.PATH = usual;
  }
});

test('what it prints is a frequency, or refused', () => {
  assert.is(readFrequency('2445441\n'), 2_445_400);
  for (const text of ['', 'nan', '-1', '0', '99', '1e12'])
    assert.throws(() => readFrequency(text), /time stamp counter/);
});

test.run();
