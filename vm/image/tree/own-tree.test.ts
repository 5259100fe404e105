// SPDX-License-Identifier: MIT
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache } from '../../cache.ts';
import { hashTree } from '../../product-record.ts';
import { compilerSettings, openTree } from './own-tree.ts';
import { fakeRelease, goodConfig, makeFakeTree } from './testing/fake-tree.ts';

const test = suite("an engineer's own kernel", { timeoutMs: 30_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-own-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
const context = { cache: new Cache(path.join(root, 'cache')), locked: false, progress: () => undefined };

test('its version is its release and which build of it, and changes with whatever is built anew', async () => {
  const dir = path.join(root, 'a');
  makeFakeTree(dir);
  const seen = [await openTree(dir, context)];
  assert.is((await openTree(dir, context)).identity, seen[0]?.identity);
  for (const name of ['arch/x86/boot/bzImage', '.config', 'Module.symvers', 'net/dns_resolver/dns_resolver.ko']) {
    appendFileSync(path.join(dir, name), '\n');
    seen.push(await openTree(dir, context));
  }
  assert.is(new Set(seen.map(({ version }) => version)).size, 5);
  for (const { version, release, name } of seen) {
    assert.match(version, new RegExp(`^${fakeRelease.replace('+', '\\+')}@[0-9a-f]{10}$`));
    assert.equal([release, name], [fakeRelease, dir]);
  }
  writeFileSync(path.join(dir, 'Makefile'), '# what is not the kernel makes no difference\n');
  assert.is((await openTree(dir, context)).identity, seen.at(-1)?.identity);
});

test('a driver that another needs is part of what it is', async () => {
  const dir = path.join(root, 'd');
  const list = 'net/dns_resolver/dns_resolver.o\ndrivers/net/virtio_net.o\nnet/core/failover.o\n';
  makeFakeTree(dir, {
    '.config': goodConfig().replace('CONFIG_VIRTIO_NET=y', 'CONFIG_VIRTIO_NET=m'),
    'modules.order': list,
    'drivers/net/virtio_net.ko': '\0depends=failover\0',
    'net/core/failover.ko': '\0depends=\0',
  });
  const before = await openTree(dir, context);
  appendFileSync(path.join(dir, 'net/core/failover.ko'), 'again');
  assert.is.not((await openTree(dir, context)).identity, before.identity);
  const error = await (await before.moduleTree()).demandUnchanged?.().catch((thrown: unknown) => thrown);
  assert.match((error as Error).message, 'was built again while it was read');
});

test('what is booted is taken from it, and nothing in it is touched', async () => {
  const dir = path.join(root, 'b');
  makeFakeTree(dir, { '.config': goodConfig(['CONFIG_PVH=y']) });
  const before = hashTree(dir);
  const { dir: product, files } = await (await openTree(dir, context)).boot();
  assert.equal(hashTree(dir), before);
  assert.equal(Object.keys(files).sort(), [
    'boot-modules',
    'config',
    'modules.dep',
    'modules/dns_resolver.ko',
    'vmlinux',
  ]);
  assert.is(readFileSync(path.join(product, 'config'), 'utf8'), readFileSync(path.join(dir, '.config'), 'utf8'));
  assert.is(readFileSync(path.join(product, 'modules.dep'), 'utf8'), 'dns_resolver.ko:\n');
  // Drivers are built in: nothing to load at boot.
  assert.is(readFileSync(path.join(product, 'boot-modules'), 'utf8'), '');
});

test('a tree that is built again while it is read is not believed', async () => {
  const dir = path.join(root, 'c');
  makeFakeTree(dir);
  const kernel = await openTree(dir, context);
  appendFileSync(path.join(dir, 'arch/x86/boot/bzImage'), 'again');
  const error = await kernel.boot().catch((thrown: unknown) => thrown);
  assert.match((error as Error).message, 'was built again while it was read');
});

test('modules are compiled as the kernel was', () => {
  const settings = (...pairs: [string, string][]) => compilerSettings(new Map(pairs));
  assert.equal(settings(['CC_VERSION_TEXT', '"gcc (Debian 12.2.0-14) 12.2.0"']), []);
  assert.equal(settings(['CC_VERSION_TEXT', '"x86_64-linux-gnu-gcc-13 (Debian 13.2) 13.2"']), [
    'CC=x86_64-linux-gnu-gcc-13',
  ]);
  assert.equal(settings(['CC_VERSION_TEXT', '"Debian clang version 16"'], ['CC_IS_CLANG', 'y']), ['CC=clang']);
  assert.equal(settings(['CC_IS_CLANG', 'y'], ['LD_IS_LLD', 'y']), ['LLVM=1']);
  assert.equal(settings(), []);
});

test.run();
