// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { KeystormError } from '../../failure.ts';
import { inspectTree } from './inspect.ts';
import { failingOptions, hasFailslab, requiredOptions } from './needed-options.ts';
import { fakeRelease, goodConfig, makeFakeTree, type TreeChange } from './testing/fake-tree.ts';

const test = suite("a look at an engineer's own kernel tree");
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-tree-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function tree(change: TreeChange = {}, name = `tree-${count++}`): string {
  const dir = path.join(root, name);
  makeFakeTree(dir, change);
  return dir;
}

function refusalOf(dir: string): string {
  try {
    inspectTree(dir);
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    const { message } = error as KeystormError;
    assert.ok(message.startsWith(`--kernel-tree ${dir} `), message);
    assert.is(message.split('\n').length, 1);
    return message;
  }
  return assert.unreachable() as never;
}

test('a tree that was built is taken as it is', () => {
  const seen = inspectTree(tree());
  assert.is(seen.release, fakeRelease);
  assert.equal(seen.kernel, { file: 'arch/x86/boot/bzImage', as: 'bzImage' });
  assert.equal([...seen.modules], [['dns_resolver', 'net/dns_resolver/dns_resolver.ko']]);
  assert.ok(seen.builtIn.has('virtio_net') && !seen.builtIn.has('dns_resolver'));
  assert.equal(seen.notes, []);
});

test('a tree says whether its kernel lets allocations fail on demand', () => {
  const lets = (options: readonly string[]) =>
    hasFailslab(inspectTree(tree({ '.config': goodConfig(options.map((name) => `CONFIG_${name}=y`)) })).config);
  assert.is(lets([]), false);
  assert.is(lets(failingOptions), true);
  for (const lacking of failingOptions)
    assert.is(lets(failingOptions.filter((name) => name !== lacking)), false, `without ${lacking}`);
  // The check writes into files of each of them.
  for (const name of ['FAILSLAB', 'FAULT_INJECTION_DEBUG_FS', 'FAULT_INJECTION_USERCOPY'] as const)
    assert.ok(failingOptions.includes(name), name);
});

test('an ELF kernel is preferred where it can be entered at once', () => {
  const pvh = goodConfig(['CONFIG_PVH=y']);
  assert.is(inspectTree(tree({ '.config': pvh })).kernel.file, 'vmlinux');
  // KASAN: its entry would look for shadow memory that is not there yet.
  assert.is(inspectTree(tree({ '.config': `${pvh}CONFIG_KASAN=y\n` })).kernel.as, 'bzImage');
});

test('lists of modules of older kernels are read as well', () => {
  const order = 'kernel/net/dns_resolver/dns_resolver.ko\nkernel/fs/never/built.ko\n';
  assert.equal([...inspectTree(tree({ 'modules.order': order })).modules.keys()], ['dns_resolver']);
});

test('what is no tree, or none that was built, is refused with what to do', () => {
  assert.match(refusalOf(path.join(root, 'none')), 'does not exist: name the folder');
  writeFileSync(path.join(root, 'file'), '');
  assert.match(refusalOf(path.join(root, 'file')), 'is not a folder: name the one');
  mkdirSync(path.join(root, 'empty'));
  assert.match(refusalOf(path.join(root, 'empty')), 'is not a kernel tree: name the folder');
  const source = { Kconfig: '', '.config': null, 'include/generated/utsrelease.h': null };
  assert.match(refusalOf(tree(source)), /is not configured: .*O=/);
  const unbuilt = { 'arch/x86/boot/bzImage': null, 'Module.symvers': null };
  assert.match(
    refusalOf(tree(unbuilt)),
    'is not built: arch/x86/boot/bzImage, Module.symvers missing; run make there.',
  );
  assert.match(refusalOf(tree({}, 'my linux')), 'characters in its path that make cannot cope with');
});

test('a folder where a file is due is no file', () => {
  const named = (name: string) => {
    const dir = tree({ [name]: null });
    rmSync(path.join(dir, name), { force: true });
    mkdirSync(path.join(dir, name), { recursive: true });
    return refusalOf(dir);
  };
  assert.match(named('.config'), 'is not configured');
  assert.match(named('Module.symvers'), 'is not built: Module.symvers missing');
  assert.match(named('modules.order'), 'has dns_resolver configured as modules that are not built');
});

test('another architecture is refused by the configuration, and by what was built', () => {
  assert.match(refusalOf(tree({ '.config': 'CONFIG_ARM64=y\n' })), 'another architecture than x86-64');
  const stale = { '.config': goodConfig(['CONFIG_PVH=y']), vmlinux: 'no ELF file' };
  assert.match(refusalOf(tree(stale)), 'holds a vmlinux that is no kernel for x86-64');
});

test('options that guests need are all named at once, as they are to be set', () => {
  const without = goodConfig(['CONFIG_TRIM_UNUSED_KSYMS=y'])
    .split('\n')
    .filter((line) => !/CONFIG_(KEYS|KPROBES|VIRTIO_NET)=/.test(line));
  const message = refusalOf(tree({ '.config': [...without, 'CONFIG_KPROBES=m'].join('\n') }));
  for (const word of [
    'CONFIG_KEYS=y',
    'CONFIG_KPROBES=y',
    'CONFIG_VIRTIO_NET=y or m',
    'CONFIG_TRIM_UNUSED_KSYMS not set',
  ])
    assert.match(message, word);
  assert.not.match(message, 'CONFIG_USER_NS');
});

test('the docs name every option', () => {
  const docs = readFileSync(new URL('../../../docs/kernels.md', import.meta.url), 'utf8');
  for (const option of requiredOptions()) assert.match(docs, `\`${option}\``);
});

test('modules that were configured but not built are refused by name', () => {
  assert.match(
    refusalOf(tree({ 'modules.order': '' })),
    /has dns_resolver configured as modules that are not built: run make modules/,
  );
});

test('what only some scenarios need is a note, and so is a configuration that came after the kernel', () => {
  const lean = goodConfig()
    .split('\n')
    .filter((line) => !/VETH|BRIDGE/.test(line));
  const dir = tree({ '.config': lean.join('\n') });
  utimesSync(path.join(dir, '.config'), new Date(), new Date(Date.now() + 60_000));
  const { notes } = inspectTree(dir);
  assert.is(notes.length, 2);
  assert.match(notes[0] ?? '', 'is newer than its arch/x86/boot/bzImage');
  assert.match(notes[1] ?? '', 'has no CONFIG_VETH, CONFIG_BRIDGE');
});

test.run();
