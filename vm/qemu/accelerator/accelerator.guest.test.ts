// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache, checkoutDir } from '../../cache.ts';
import { Preparation } from '../../image/prepare.ts';
import { qemuArguments, qemuProgram } from '../arguments.ts';
import { kernelCommandLine } from '../cmdline.ts';
import { lookAtKvm } from './device.ts';
import { knownVerdict, probeAgain, standardShape } from './kvm.ts';
import { bootTinyGuest, probeDeadlineMs, verdictOf } from './probe.ts';
import { probeImage } from './probe-image.ts';

const test = suite('the tiny guest that proves an accelerator', { timeoutMs: 300_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-kvm-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
const progress = (line: string) => console.error(line);

/** Pids of the QEMUs that are children of this process. */
function ourQemus(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return name?.startsWith('qemu') === true && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}

test('under emulation, with the flags of a guest, it boots, says its word and powers off', async () => {
  const cache = Cache.standard();
  const kernelFile = await (await Preparation.open({ kernel: '6.1', locked: false, progress }, cache)).kernelFile();
  const initrd = path.join((await probeImage(cache, progress)).dir, 'initramfs.cpio');
  const cmdline = kernelCommandLine(standardShape.smp, 'tcg');
  const settings = { kernelFile, initrd, cmdline, ...standardShape, accelerator: 'tcg', sshPort: undefined } as const;
  // Emulated, it takes longer than the deadline under KVM allows on a busy host.
  const boundMs = 120_000;
  const end = await bootTinyGuest(qemuProgram, qemuArguments(settings), root, boundMs);
  assert.is(verdictOf(end, new Date(), boundMs).outcome, 'boots', `${end.stderr}\n${end.console.join('\n')}`);
});

if ('device' in lookAtKvm()) {
  test('KVM here: a decision within the deadline, no QEMU left, and remembered', async () => {
    const cache = Cache.standard();
    const preparation = await Preparation.open({ kernel: '6.1', locked: false, progress }, cache);
    await preparation.kernelFile();
    await probeImage(cache, progress);
    const begun = performance.now();
    const verdict = await probeAgain('6.1', progress);
    const tookMs = performance.now() - begun;
    console.error(`KVM here: ${verdict.outcome}, ${verdict.detail}; ${Math.round(tookMs)} ms`);
    // Beside the boot itself: the checks of the kernel's files, and a kill that the kernel takes its time for.
    assert.ok(tookMs < probeDeadlineMs + 15_000, `${tookMs} ms`);
    assert.ok(['boots', 'hung', 'died'].includes(verdict.outcome));
    assert.equal(ourQemus(), []);
    assert.equal(await knownVerdict('6.1'), { ...verdict, remembered: true });
  });
} else test.skip('KVM here: a decision within the deadline', 'this host has no /dev/kvm that opens');

const isRoot = process.getuid?.() === 0;
/** Runs a guest's command on a host whose /dev/kvm `mask` has changed, in a mount namespace of its own. */
function onHost(mask: string, accelerator: string): { status: number | null; stdout: string; stderr: string } {
  const script = `${mask} && exec "$0" --import tsx vm/qemu/try.ts --bare --no-install --accelerator ${accelerator} 'echo it runs'`;
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, process.execPath];
  return spawnSync('unshare', args, { cwd: checkoutDir, encoding: 'utf8', timeout: 240_000 });
}

const empty = path.join(root, 'empty');
writeFileSync(empty, '');
const dev = path.join(root, 'dev');
const withoutKvm = `mkdir -p ${dev} && mount -t tmpfs none ${dev} && for d in null zero random urandom tty; do touch ${dev}/$d && mount --bind /dev/$d ${dev}/$d; done && mkdir ${dev}/shm && mount --move ${dev} /dev`;

if (isRoot) {
  test('without /dev/kvm: auto emulates, kvm is refused at once in one sentence', () => {
    const refused = onHost(withoutKvm, 'kvm');
    assert.is(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, 'KVM was asked for but does not boot a guest here: this host has no /dev/kvm; use');
    assert.not.match(refused.stderr, 'Trying whether');
    const auto = onHost(withoutKvm, 'auto');
    assert.equal([auto.status, auto.stdout], [0, 'it runs\n'], auto.stderr);
    assert.not.match(auto.stderr, 'Trying whether');
  });
} else test.skip('hosts without /dev/kvm', 'only root may mask it, in a mount namespace');

if (isRoot && existsSync('/dev/kvm')) {
  test('what stands at /dev/kvm and is no device is none', () => {
    const refused = onHost(`mount --bind ${empty} /dev/kvm`, 'kvm');
    assert.is(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, '/dev/kvm is no device');
  });
} else test.skip('what stands at /dev/kvm and is no device is none', 'nothing is there, or it may not be masked');

test.run();
