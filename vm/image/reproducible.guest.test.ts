// SPDX-License-Identifier: MIT
// Named a guest test because it fetches packages and compiles all that a guest consists of; it boots none.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache, checkoutDir } from '../cache.ts';
import { walk } from '../product-record.ts';
import { Preparation } from './prepare.ts';
import { readArchives } from './testing/read-archive.ts';

const test = suite('reproducible image', { timeoutMs: 540_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-reproducible-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** Where, when and by whom something is built: nothing of this may be in what is built. */
interface Circumstances {
  /** Folder of the checkout. */
  readonly checkout: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** Modification time of all sources. */
  readonly touched: Date;
}

const here: Circumstances = {
  checkout: path.join(root, 'a'),
  umask: '022',
  env: {
    TZ: 'UTC',
    LANG: 'C',
    LC_ALL: 'C',
    HOME: root,
    USER: 'one',
    KBUILD_BUILD_USER: 'one',
    KBUILD_BUILD_HOST: 'here',
  },
  touched: new Date('2001-02-03T04:05:06Z'),
};
const elsewhere: Circumstances = {
  checkout: path.join(root, 'another', 'folder.with-a+longer_name'),
  umask: '077',
  env: {
    ...{ TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: '/nonexistent', USER: 'two' },
    // What users of make and kbuild set for their own builds.
    ...{ CC: 'false', CFLAGS: '-O0', KCFLAGS: '-O0', MAKEFLAGS: '--dry-run', ARCH: 'arm64', LLVM: '1', V: '1' },
  },
  touched: new Date('2031-02-03T04:05:06Z'),
};

const build = `
  const { Preparation } = await import('./vm/image/prepare.ts');
  const { Cache } = await import('./vm/cache.ts');
  const { probeImage } = await import('./vm/qemu/accelerator/probe-image.ts');
  const progress = (line) => console.error(line);
  await (await Preparation.open({ kernel: '6.1', locked: false, progress })).guest();
  await probeImage(Cache.standard(), progress);`;

/** Builds everything from a copy of the checkout, without network, from packages fetched before; returns the folder of products. */
function builtIn(circumstances: Circumstances, fetched: string): string {
  const { checkout, umask, env, touched } = circumstances;
  mkdirSync(checkout, { recursive: true });
  for (const name of ['vm', 'bench/testing', 'package.json', 'tsconfig.json'])
    cpSync(path.join(checkoutDir, name), path.join(checkout, name), { recursive: true });
  for (const name of walk(path.join(checkout, 'vm'))) utimesSync(path.join(checkout, 'vm', name), touched, touched);
  symlinkSync(path.join(checkoutDir, 'node_modules'), path.join(checkout, 'node_modules'));
  const cache = path.join(checkout, 'cache');
  mkdirSync(cache);
  // Packages are shared and verified whenever they are used; apt writes to its folder, so that is a copy.
  symlinkSync(path.join(fetched, 'debs'), path.join(cache, 'debs'));
  cpSync(path.join(fetched, 'apt'), path.join(cache, 'apt'), { recursive: true, preserveTimestamps: true });
  const node = `umask ${umask} && exec "$0" --import tsx --input-type=module -e "$1"`;
  const unshare = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'];
  const result = spawnSync('unshare', [...unshare, 'sh', '-c', node, process.execPath, build], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env, KEYSTORM_CACHE: cache },
    timeout: 250_000,
  });
  assert.is(result.status, 0, `${result.error ?? ''}${result.stderr}`);
  return path.join(cache, 'products');
}

/** What differs first between two folders: parts before the image that they go into; in an archive, its member. */
function firstDifference(a: string, b: string): string | undefined {
  const late = (name: string) => (name.startsWith('image-') ? 1 : 0);
  const names = [...new Set([...walk(a), ...walk(b)])].sort((x, y) => late(x) - late(y) || (x < y ? -1 : 1));
  for (const name of names) {
    const [one, two] = [path.join(a, name), path.join(b, name)];
    if (!exists(one) || !exists(two)) return `${name} is in one of them only`;
    if (lstatSync(one).isSymbolicLink()) continue;
    const [left, right] = [readFileSync(one), readFileSync(two)];
    if (left.equals(right)) continue;
    if (!name.endsWith('.cpio')) return `${name} differs from byte ${left.findIndex((byte, i) => byte !== right[i])}`;
    const members = readArchives(right);
    const member = readArchives(left).find(({ path: where, mode, data }, i) => {
      const other = members[i];
      return where !== other?.path || mode !== other.mode || !data.equals(other.data);
    });
    return `${name} differs in ${member?.path ?? 'its last members'}`;
  }
  return undefined;
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

const [first, second] = [here, elsewhere].map(({ checkout }) => path.join(checkout, 'cache', 'products'));

test('built twice, in other folders, at other times, by others, without network: the same bytes', async () => {
  const standard = Cache.standard();
  const preparation = await Preparation.open({ kernel: '6.1', locked: false, progress: console.error }, standard);
  await preparation.guest();
  // The headers too: the module is compiled anew each time.
  await preparation.kernel.moduleTree();
  for (const circumstances of [here, elsewhere]) builtIn(circumstances, standard.root);
  const kinds = readdirSync(first ?? '').map((name) => name.replace(/-[0-9a-f]{24}$/, ''));
  assert.equal(kinds.sort(), ['headers', 'image', 'kernel', 'module', 'probe', 'programs', 'userland']);
  assert.is(firstDifference(first ?? '', second ?? ''), undefined);
});

test('a difference would be found, and named by its member', () => {
  const [a, b] = ['x', 'y'].map((name) => path.join(root, name));
  const image = readdirSync(first ?? '').find((name) => name.startsWith('image-')) ?? '';
  for (const copy of [a, b]) cpSync(path.join(first ?? '', image), path.join(copy ?? '', image), { recursive: true });
  const file = path.join(b ?? '', image, 'initramfs.cpio');
  const bytes = readFileSync(file);
  const last = readArchives(bytes).find((member) => member.path === 'keystorm/keystorm.ko');
  assert.ok(last);
  const at = bytes.indexOf(last?.data ?? '') + 100;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  rmSync(file);
  writeFileSync(file, bytes);
  assert.is(firstDifference(a ?? '', b ?? ''), `${image}/initramfs.cpio differs in keystorm/keystorm.ko`);
});

test('no key is in the image', () => {
  assert.ok(existsSync(first ?? ''));
  const image = readdirSync(first ?? '').find((name) => name.startsWith('image-')) ?? '';
  const members = readArchives(readFileSync(path.join(first ?? '', image, 'initramfs.cpio')));
  const inKeyFolders = members.filter(({ path: name }) => /^(etc\/(dropbear|ssh)|root\/\.ssh)\//.test(name));
  assert.equal(
    inKeyFolders.map((member) => member.path),
    [],
  );
  for (const { path: name, data } of members) {
    // Programs may hold such words; keys are files of their own.
    if (data.subarray(0, 4).toString('latin1') === '\x7fELF') continue;
    assert.not.match(data.toString('latin1'), /-----BEGIN [A-Z ]*PRIVATE KEY-----|ssh-ed25519 AAAA/, name);
  }
});

test.run();
