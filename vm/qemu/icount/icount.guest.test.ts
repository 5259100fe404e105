// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { guestKernel } from '../../../bench/testing/guest-kernel.ts';
import { suite } from '../../../bench/testing/suite.ts';
import { converse } from '../../guest/runner/testing/conversation.ts';
import { hashJson, type Json } from '../../hash.ts';
import { IcountProvider } from './provider.ts';

// The first boot may have to build the image, and each instruction is counted.
const test = suite('a real guest that counts its instructions', { timeoutMs: 900_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-icount-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const provider = new IcountProvider();
let count = 0;

interface Said {
  readonly frames: string;
  readonly last: unknown;
  /** Instructions of the request that took the fewest. */
  readonly least: number;
  readonly console: string;
}

/** All that a guest of that seed says of a small load, and how it comes up. */
async function said(seed: number, snapshots = true, text = plan): Promise<Said> {
  const dir = path.join(root, String(count++));
  await provider.prepare({ kernel: guestKernel, locked: false, noInstall: true, progress: () => {} });
  const machine = provider.create({ dir, smp: 1, memoryMiB: 512, seed }, snapshots);
  try {
    await machine.start();
    await machine.ready();
    const { frames, last } = await converse(machine, text);
    return {
      frames: hashJson(frames.filter(({ t }) => t !== 'hello') as unknown as Json),
      last: last?.t,
      least: Math.min(...frames.flatMap((frame) => (frame.t === 'window' ? [frame.hist.min ?? Number.NaN] : []))),
      console: readFileSync(path.join(dir, 'console.log'), 'utf8'),
    };
  } finally {
    await machine.stop();
  }
}

const plan = `keystorm-plan 4
boot 0
floor add_key 300
floor eventfd 300
floor vfork_exec 20
cell c0
  mechanism keyagent-fd
  route session
  delivery fd-write
  fallback refuse
  timeout_ms 30000
  deadline_ms 5000
  backoff_us 2000
  payload_bytes 256
  container subject requesters 1 agent own agent_uid 0 requester_uid 0 setuid 0
  warmup 5
  window 2000 30 samples
  window 2000 30
end
run
`;

test('the same seed says the same, to the nanosecond, and who is kept says what all say that are restored; another seed does not', async () => {
  // Not booted in full: until its own driver of idleness is there a guest halts, and two boots were seen to differ.
  const kept = await said(1);
  assert.is(kept.last, 'done', kept.console);
  const restored = await said(1);
  assert.is(restored.frames, kept.frames);
  assert.is((await said(1)).frames, kept.frames);
  assert.match(restored.console, /keystorm: ready[\s\S]*keystorm: runner ended with status 0/);
  const other = await said(2, false);
  assert.is(other.last, 'done', other.console);
  assert.is.not(other.frames, kept.frames);
});

test('so many instructions more in the path of an upcall are so many more in its count', async () => {
  const count = 100_000;
  const plain = await said(1);
  const longer = await said(1, true, plan.replace('  payload_bytes', `  path_instructions ${count}\n$&`));
  assert.is(longer.last, 'done', longer.console);
  const more = longer.least - plain.least - count;
  // The cheapest of sixty requests was seen to take a hundred more or fewer from one run to another, by what had come before.
  assert.ok(Math.abs(more) < 1_000, `${plain.least} and ${longer.least}`);
});

test('a plan that is none is refused by the runner, and the guest takes another', async () => {
  const machine = provider.create({ dir: path.join(root, 'refused'), smp: 1, memoryMiB: 512, seed: 1 });
  try {
    await machine.start();
    await machine.ready();
    const refused = await converse(machine, 'keystorm-plan 4\nrubbish\nrun\n');
    assert.is(refused.last?.t, 'error');
    assert.is((await converse(machine, plan)).last?.t, 'done');
  } finally {
    await machine.stop();
  }
  assert.is((await machine.wait()).failure, null);
});

test.run();
