// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { simulateSideBySide } from './side-by-side.ts';
import { simulate } from './simulate.ts';

const test = suite('simulations side by side', { timeoutMs: 120_000 });

test('several processes find what one does', async () => {
  const told: number[] = [];
  const together = await simulateSideBySide(20_000, 210, { processes: 2, told: (done) => told.push(done) });
  const sorted = ({ tally }: { readonly tally: Readonly<Record<string, number>> }) => Object.entries(tally).sort();
  const alone = await simulate(20_000, 210);
  assert.equal([together.campaigns, together.failed, sorted(together)], [210, alone.failed, sorted(alone)]);
  assert.equal([told.length, told.at(-1)], [3, 210]);
});

/** What becomes of a thousand campaigns in processes that run this in place of the campaigns. */
async function thrownBy(script: string, boundMs: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-share-'));
  try {
    const program = path.join(folder, 'program.mjs');
    writeFileSync(program, script);
    const error = await simulateSideBySide(0, 1_000, { program, boundMs, processes: 2 }).catch(
      (thrown: unknown) => thrown,
    );
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 3);
    return (error as KeystormError).message;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a process that ends before its share is an error, and nobody waits for it', async () => {
  const message = await thrownBy("process.on('message', () => process.exit(7));", 100_000);
  assert.match(message, /campaigns \d+ to \d+ ended with exit code 7/);
});

test('one that goes round and round is killed at its bound', async () => {
  const pids = path.join(mkdtempSync(path.join(tmpdir(), 'keystorm-pids-')), 'pids');
  const script = `import { appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');
    process.on('message', () => { for (;;); });`;
  assert.match(await thrownBy(script, 10_000), /did not end in 10 s/);
  const begun = readFileSync(pids, 'utf8').trim().split('\n');
  rmSync(path.dirname(pids), { recursive: true });
  assert.match(begun.join(), /^\d+(,\d+)?$/);
  while (begun.some((pid) => existsSync(`/proc/${pid}`))) await setTimeout(10);
});

test.run();
