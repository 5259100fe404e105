// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { simulateSideBySide } from './side-by-side.ts';
import { simulate } from './simulate.ts';

const test = suite('simulations side by side', { timeoutMs: 120_000 });

test('several processes find what one does', async () => {
  const told: number[] = [];
  const together = await simulateSideBySide(20_000, 260, { processes: 2, told: (done) => told.push(done) });
  const sorted = ({ tally }: { readonly tally: Readonly<Record<string, number>> }) => Object.entries(tally).sort();
  const alone = await simulate(20_000, 260);
  assert.equal([together.campaigns, together.failed, sorted(together)], [260, alone.failed, sorted(alone)]);
  assert.equal([told.length, told.at(-1)], [2, 260]);
});

test('a process that ends before its share is an error, and nobody waits for it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-share-'));
  try {
    const program = path.join(folder, 'dies.mjs');
    writeFileSync(program, "process.on('message', () => process.exit(7));");
    const error = await simulateSideBySide(0, 1_000, { program }).catch((thrown: unknown) => thrown);
    assert.instance(error, KeystormError);
    assert.match((error as KeystormError).message, /campaigns \d+ to \d+ ended with exit code 7/);
    assert.is((error as KeystormError).exitCode, 3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
