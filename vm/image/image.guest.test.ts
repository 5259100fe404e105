// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Preparation } from './prepare.ts';

// Fetches packages when the standard cache has none yet.
const test = suite('guest image', { timeoutMs: 300_000 });

const options = { kernel: '6.1', locked: false, bare: true, progress: (line: string) => console.error(line) };

test('prepared once, a guest is found again without fetching or building', async () => {
  await (await Preparation.open(options)).guest();
  const said: string[] = [];
  const again = await (await Preparation.open({ ...options, progress: (line) => said.push(line) })).guest();
  assert.equal(said, [], 'nothing is fetched or built');
  assert.match(again.imageHash, /^[0-9a-f]{64}$/);
});

test.run();
