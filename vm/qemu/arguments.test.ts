// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { qemuArguments } from './arguments.ts';
import { kernelCommandLine } from './cmdline.ts';

const test = suite('QEMU arguments');
const settings = {
  kernelFile: '/c/vmlinux',
  initrd: '/run/initrd',
  cmdline: 'console=ttyS0 panic=-1',
  smp: 1,
  memoryMiB: 512,
  accelerator: 'tcg',
  sshPort: 40001,
} as const;
const args = qemuArguments(settings);
const after = (flag: string) => args[args.indexOf(flag) + 1];

test('nothing comes in by default or from a configuration of the user', () => {
  for (const flag of ['-nodefaults', '-no-user-config', '-no-reboot']) assert.ok(args.includes(flag), flag);
});

test('the guest is what was asked for', () => {
  assert.is(after('-smp'), '1');
  assert.is(after('-m'), '512M');
  assert.is(after('-kernel'), '/c/vmlinux');
  assert.is(after('-append'), settings.cmdline);
  assert.is(after('-cpu'), 'max,-cx16');
});

test('the only way in is a forward on the loopback, and there is no way out', () => {
  assert.is(after('-netdev'), 'user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:40001-10.0.2.15:22');
  assert.is(args.filter((arg) => arg.includes('hostfwd')).length, 1);
});

test("KVM brings the host's processor, and changes nothing else", () => {
  const kvm = qemuArguments({ ...settings, accelerator: 'kvm' });
  assert.equal(
    kvm.filter((arg, i) => arg !== args[i]),
    ['kvm', 'host'],
  );
  assert.is(kvm.length, args.length);
});

test('a guest that nothing leads into has the same devices', () => {
  const closed = qemuArguments({ ...settings, sshPort: undefined });
  assert.is(closed[closed.indexOf('-netdev') + 1], 'user,id=net,restrict=on,ipv6=off');
  assert.is(closed.length, args.length);
});

test('the command line unlocks our module, ends at a panic and trusts the clock only with one vCPU', () => {
  for (const word of ['keystorm.disposable=1', 'panic=-1', 'console=ttyS0', 'rdinit=/init'])
    for (const smp of [1, 2]) assert.ok(kernelCommandLine(smp, 'kvm').split(' ').includes(word), word);
  assert.ok(kernelCommandLine(1, 'tcg').split(' ').includes('tsc=reliable'));
  assert.not.ok(kernelCommandLine(2, 'tcg').includes('tsc='));
});

test('what only helps an emulated processor is left out on a real one', () => {
  for (const word of ['tsc=', 'lpj=', 'no_timer_check', 'mitigations=']) {
    assert.match(kernelCommandLine(1, 'tcg'), word);
    assert.not.match(kernelCommandLine(1, 'kvm'), word);
  }
});

test("an emulated guest is told its counter's frequency, a real processor's is not", () => {
  assert.ok(kernelCommandLine(1, 'tcg', 2_445_400).split(' ').includes('tsc_early_khz=2445400'));
  assert.ok(kernelCommandLine(2, 'tcg', 2_445_400).split(' ').includes('tsc_early_khz=2445400'));
  assert.not.match(kernelCommandLine(1, 'tcg'), 'tsc_early_khz');
  assert.not.match(kernelCommandLine(1, 'kvm', 2_445_400), 'tsc_early_khz');
});

test.run();
