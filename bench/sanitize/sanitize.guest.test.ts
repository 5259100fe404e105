// SPDX-License-Identifier: MIT
/**
 * Without the sanitized kernel, whose build takes minutes: on a kernel that has no sanitizer every one must be found silent, and
 * rounds and experiments work in one guest all the same. With it, `npm run sanitize` is the test.
 */
import path from 'node:path';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { primaryKernel } from '../../vm/image/primary-kernel.ts';
import { QemuProvider } from '../../vm/qemu/provider.ts';
import { silentListener } from '../run/testing/listeners.ts';
import { suite } from '../testing/suite.ts';
import { sanitize } from './sanitize.ts';
import { trials, tryFaults } from './sanitizers.ts';
import { shortPlan } from './short-plan.ts';
import { shellOf } from './watch.ts';

const bootAndBuildMs = 300_000;
const test = suite('sanitizing, in a guest without sanitizers', { timeoutMs: bootAndBuildMs });
const provider = new QemuProvider();

test.before(() => provider.prepare({ kernel: primaryKernel, locked: false, noInstall: true, progress: () => {} }));

test('a kernel without sanitizers is found out: none of them reports its fault', async () => {
  const guest = provider.create({ dir: temporaryFolder(), smp: 1, memoryMiB: 512 });
  try {
    await guest.start();
    await guest.ready();
    // Those faults that do no harm where nobody looks.
    const harmless = ['unprotected-rcu', 'sleep-while-atomic', 'read-out-of-bounds', 'lock-inversion'];
    const chosen = trials.filter(({ fault }) => harmless.includes(fault));
    assert.is(chosen.length, harmless.length);
    for (const { sanitizer, silent } of await tryFaults(chosen, shellOf(guest), 30_000))
      assert.match(silent, 'said nothing of the kind', sanitizer);
  } finally {
    await guest.stop();
  }
});

test('two rounds in one guest leave no key and no module behind', async () => {
  const expect = { 'every-request-ended': 'held', 'kernel-log-clean': 'held', 'module-unloads': 'held' } as const;
  const whole = aPlan([aCell({ expect })], 1, { kernel: primaryKernel, memoryMiB: 512 });
  const plan = shortPlan(whole, { rounds: 2, slowness: 1, smp: 1 });
  const dir = path.join(temporaryFolder(), 'out');
  const { signal } = new AbortController();
  const job = { parts: ['rounds'] as const, plan, provider, dir, repro: '', slowness: 1, note: () => {}, signal };
  const { rounds, keys, findings } = await sanitize({ ...job, listener: silentListener });
  assert.is(rounds.done, 2, JSON.stringify(findings));
  assert.is(keys.length, 2, JSON.stringify(findings));
  // There is no kmemleak to ask.
  assert.ok(
    findings.every(({ kind }) => kind === 'unseen'),
    JSON.stringify(findings),
  );
});

test.run();
