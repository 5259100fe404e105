// SPDX-License-Identifier: MIT
/** How soon a guest's end is known. In a file of its own, because it has the host to itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { MachineFailure } from '../failure.ts';
import { QemuProvider } from './provider.ts';

// The image may have to be fetched and built.
const test = suite('how soon the end of a guest is known', { timeoutMs: 300_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-panic-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('a panic after which nothing ends is known within a second of its line on the console', async () => {
  const provider = new QemuProvider(true);
  const progress = (line: string) => console.error(line);
  await provider.prepare({ kernel: '6.1', locked: false, noInstall: true, progress });
  const options = { dir: path.join(root, 'guest'), smp: 1, memoryMiB: 512 };
  const machine = provider.create(options, { words: ['panic=0'] });
  let seen = Number.NaN;
  machine.abilities.console?.onLine((line) => {
    if (line.includes('Kernel panic - not syncing') && Number.isNaN(seen)) seen = performance.now();
  });
  try {
    await machine.start();
    await machine.ready();
    const failure = await machine.run('echo c >/proc/sysrq-trigger; sleep 60').catch((error: unknown) => error);
    const after = performance.now() - seen;
    assert.ok(failure instanceof MachineFailure, String(failure));
    assert.is(failure.kind, 'guest-panic');
    assert.ok(after < 1_000, `${after} ms`);
    assert.ok(
      failure.consoleTail.some((line) => line.includes('Call Trace')),
      'its last words are there',
    );
  } finally {
    await machine.stop();
  }
});

test.run();
