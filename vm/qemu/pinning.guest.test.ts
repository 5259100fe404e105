// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { parseCpuList, thisHost } from './pinning.ts';
import { QemuProvider } from './provider.ts';

const test = suite('pinning in a real QEMU', { timeoutMs: 300_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-pinning-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** What each thread of a process may run on. */
function allowedOf(pid: number): number[][] {
  return readdirSync(`/proc/${pid}/task`).map((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    return parseCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '');
  });
}

const host = thisHost();
if (host.allowed.length > 1) {
  // Emulated, since KVM may not boot here: what is pinned is a thread, whatever it runs.
  test('the virtual processor runs where the description says, and QEMU itself where it likes', async () => {
    const provider = new QemuProvider(true);
    const progress = (line: string) => console.error(line);
    await provider.prepare({ kernel: '6.1', locked: false, noInstall: true, accelerator: 'tcg', progress });
    const options = { dir: path.join(root, 'pinned'), smp: 1, memoryMiB: 512 };
    const machine = provider.create(options, { pin: true });
    try {
      await machine.start();
      const { vcpuPins, notes } = machine.describe();
      assert.is(vcpuPins?.length, 1, notes.join());
      const threads = allowedOf(machine.pid ?? 0);
      assert.equal(
        threads.filter((allowed) => allowed.length === 1),
        [[...(vcpuPins ?? [])]],
      );
      assert.ok(threads.some((allowed) => allowed.length === host.allowed.length));
      // A second guest gets another one, as long as the first is there.
      const other = provider.create({ ...options, dir: path.join(root, 'other') }, { pin: true });
      await other.start();
      assert.not.equal(other.describe().vcpuPins, vcpuPins);
      await other.stop();
    } finally {
      await machine.stop();
    }
    const after = await host.claim(machine.describe().vcpuPins?.[0] ?? -1);
    assert.ok(after, 'it is free again');
    after?.release();
  });
} else test.skip('pinning of a real guest', 'this process may use one processor only');

test.run();
