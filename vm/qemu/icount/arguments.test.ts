// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { icountArguments } from './arguments.ts';

const test = suite('QEMU arguments of a guest that counts instructions');
const boot = { kernelFile: '/c/vmlinux', initrd: '/run/initrd', cmdline: 'console=ttyS0' };
const settings = { boot, memoryMiB: 512, seed: 7, mailbox: '/run/mailbox', port: '/run/port' };
const args = icountArguments(settings);
const after = (flag: string, all = args) => all[all.indexOf(flag) + 1];

test('its clock is a count, and it draws lots from a seed alone', () => {
  assert.is(after('-icount'), 'shift=0,sleep=off');
  assert.is(after('-rtc'), 'base=2024-01-01T00:00:00,clock=vm');
  assert.is(after('-seed'), '7');
  assert.is(after('-smp'), '1');
  assert.is(after('-accel'), 'tcg');
  const withheld = String(after('-cpu')).split(',');
  for (const feature of ['-rdrand', '-rdseed']) assert.ok(withheld.includes(feature), feature);
});

test('there is neither a network nor a disk, and what the runner writes goes to a file, which is never full of what nobody read', () => {
  for (const flag of ['-netdev', '-nic', '-drive', '-blockdev', '-hda']) assert.not.ok(args.includes(flag), flag);
  for (const flag of ['-nodefaults', '-no-user-config', '-no-reboot']) assert.ok(args.includes(flag), flag);
  assert.ok(args.includes('file,id=port,path=/run/port'));
});

test('a guest that is restored is the same but for what it boots', () => {
  const restored = icountArguments({ ...settings, boot: undefined });
  assert.is(after('-incoming', restored), 'defer');
  const booted = ['-kernel', boot.kernelFile, '-initrd', boot.initrd, '-append', boot.cmdline];
  assert.equal(
    restored.filter((arg) => !['-incoming', 'defer'].includes(arg)),
    args.filter((arg) => !booted.includes(arg)),
  );
});

test('a comma in a path is no end of it', () => {
  const odd = icountArguments({ ...settings, port: '/a,b/port', mailbox: '/a,b/mailbox' });
  assert.ok(odd.some((arg) => arg.includes('path=/a,,b/port')));
  assert.ok(odd.some((arg) => arg.includes('mem-path=/a,,b/mailbox')));
});

test.run();
