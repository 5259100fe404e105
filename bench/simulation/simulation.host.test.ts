// SPDX-License-Identifier: MIT
/** Ten thousand campaigns, in as many processes as the host has processors. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { failedText, type Simulated, together } from './simulate.ts';
import { tallied } from './tally.ts';

const test = suite('simulation of the harness, at length', { timeoutMs: 170_000 });

const campaigns = 10_000;
const cli = fileURLToPath(new URL('cli.ts', import.meta.url));

/** The campaigns of these seeds, in a process of their own. */
function apart(first: number, count: number): Promise<Simulated> {
  const words = ['--first', String(first), '--count', String(count), '--json'];
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || code === 1) resolve(JSON.parse(text) as Simulated);
      else reject(new Error(`the simulation ended with ${signal ?? code}`));
    });
  });
}

test(`${campaigns} campaigns: every invariant holds in each, and everything that can be drawn occurs`, async () => {
  const processes = os.availableParallelism();
  const each = Math.ceil(campaigns / processes);
  const parts = await Promise.all(Array.from({ length: processes }, (_, i) => apart(1_000 + i * each, each)));
  const { failed, tally, campaigns: done } = together(parts);
  assert.ok(done >= campaigns);
  assert.equal(failed, [], failedText(failed));
  for (const word of tallied) assert.ok((tally[word] ?? 0) >= 10, `${word}: ${tally[word] ?? 0} campaigns`);
});

test.run();
