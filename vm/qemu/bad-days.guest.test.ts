// SPDX-License-Identifier: MIT
// Each day on which something is missing, taken or spoilt: what still works, works; the rest ends in one sentence.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache, checkoutDir } from '../cache.ts';
import { MachineFailure } from '../failure.ts';
import { Preparation } from '../image/prepare.ts';
import { freePort } from './port.ts';
import { QemuProvider } from './provider.ts';

const test = suite('bad days of a guest', { timeoutMs: 300_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-bad-days-'));
const children = new Set<ChildProcess>();
test.after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});
const isRoot = process.getuid?.() === 0;
const standard = Cache.standard();
const options = { kernel: '6.1', locked: false, bare: true, progress: (line: string) => console.error(line) };

// What follows is about caches that are full; that includes the packages.
test.before(async () => {
  const preparation = await Preparation.open(options);
  await preparation.guest();
  await preparation.kernel.moduleTree();
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Harness {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line on standard error that matches; undefined when it ended without. */
  said(pattern: RegExp): Promise<string | undefined>;
}

/** A process that boots a guest and runs a command in it; `wrap` is put before node. */
function harness(change: { wrap?: readonly string[]; env?: NodeJS.ProcessEnv; cache?: string } = {}): Harness {
  const words = ['--import', 'tsx', 'vm/qemu/try.ts', '--bare', '--no-install', '--accelerator', 'tcg', 'echo it runs'];
  const [program = '', ...args] = [...(change.wrap ?? []), process.execPath, ...words];
  const env = { ...(change.env ?? process.env), KEYSTORM_CACHE: change.cache ?? standard.root };
  const child = spawn(program, args, { cwd: checkoutDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const lines: string[] = [];
  const seen = new Set<() => void>();
  const reader = createInterface({ input: child.stderr });
  reader.on('line', (line) => {
    lines.push(line);
    for (const look of seen) look();
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const ended = once(child, 'close').then(([status]): Ended => {
    children.delete(child);
    for (const look of seen) look();
    return { status: status as number | null, stdout, stderr: lines.join('\n') };
  });
  const said = (pattern: RegExp) =>
    new Promise<string | undefined>((resolve) => {
      const look = () => {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined || child.exitCode !== null || child.signalCode !== null) resolve(found);
      };
      seen.add(look);
      look();
    });
  return { child, ended, said };
}

async function works(started: Harness): Promise<string> {
  const { status, stdout, stderr } = await started.ended;
  assert.equal([status, stdout], [0, 'it runs\n'], stderr);
  return stderr;
}

/** Ends with status 2 and one sentence, which is the last line. */
function refuses(started: Harness, ...words: string[]): Promise<void> {
  return endsWith(2, started, words);
}

async function endsWith(code: 2 | 3, started: Harness, words: readonly string[]): Promise<void> {
  const { status, stderr } = await started.ended;
  assert.is(status, code, stderr);
  assert.not.match(stderr, /^\s+at /m, 'no stack trace');
  const sentence = stderr.split('\n').at(-1) ?? '';
  for (const word of words) assert.ok(sentence.includes(word), `${word} in: ${sentence}`);
}

/** A cache with the packages of the standard one, and nothing built. */
function cacheOfPackages(name: string): string {
  const dir = path.join(root, name);
  mkdirSync(dir);
  symlinkSync(path.join(standard.root, 'debs'), path.join(dir, 'debs'));
  cpSync(path.join(standard.root, 'apt'), path.join(dir, 'apt'), { recursive: true, preserveTimestamps: true });
  return dir;
}

/** A cache that has all that the guest is made of as well: what is spoilt there is spoilt nowhere else. */
async function fullCache(name: string): Promise<Cache> {
  const { kernelFile, initramfs } = await (await Preparation.open(options)).guest();
  const products = path.join(standard.root, 'products');
  const userlands = readdirSync(products).filter((product) => product.startsWith('userland-'));
  const needed = [kernelFile, initramfs].map((file) => path.basename(path.dirname(file)));
  const dir = cacheOfPackages(name);
  for (const product of [...needed, ...userlands])
    cpSync(path.join(products, product), path.join(dir, 'products', product), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
  return new Cache(dir);
}

async function failureOf(promise: Promise<unknown>): Promise<MachineFailure> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, MachineFailure, String(error));
  return error as MachineFailure;
}

async function provider(): Promise<QemuProvider> {
  const made = new QemuProvider(true);
  await made.prepare({ ...options, noInstall: true, accelerator: 'tcg' });
  return made;
}

test('a port that somebody else took: another one is tried; all taken: one sentence, and nothing is left', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = (server.address() as { port: number }).port;
  const qemu = await provider();
  let asked = 0;
  const unlucky = async () => {
    asked++;
    return taken;
  };
  try {
    const none = qemu.create({ dir: path.join(root, 'none'), smp: 1, memoryMiB: 512 }, { choosePort: unlucky });
    const failure = await failureOf(none.start());
    assert.is(failure.kind, 'harness-fault');
    assert.match(
      failure.message,
      new RegExp(`^QEMU could bind none of the ports (${taken}, ){4}${taken} of 127.0.0.1`),
    );
    assert.is(asked, 5);
    assert.throws(() => process.kill(none.pid ?? 0, 0), 'ESRCH');
    await none.stop();
    assert.equal(readdirSync(path.join(root, 'none')), ['console.log'], 'keys stay on no disk');

    asked = 0;
    const second = () => (asked < 1 ? unlucky() : freePort());
    const lucky = qemu.create({ dir: path.join(root, 'lucky'), smp: 1, memoryMiB: 512 }, { choosePort: second });
    try {
      await lucky.start();
      assert.is(asked, 1);
      assert.not.match(lucky.describe().hypervisor.args.join(' '), `:${taken}-`);
    } finally {
      await lucky.stop();
    }
  } finally {
    server.close();
  }
});

test('files of the cache that are damaged before a run are noticed and made anew, the same', async () => {
  const cache = await fullCache('damaged');
  const said: string[] = [];
  const prepare = async () =>
    (await Preparation.open({ ...options, progress: (line) => said.push(line) }, cache)).guest();
  const first = await prepare();
  for (const [file, damage] of [
    [first.kernelFile, (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [first.initramfs, (bytes: Buffer) => flipped(bytes, bytes.length - 5_000)],
    [first.initramfs, () => Buffer.alloc(0)],
  ] as const) {
    writeFileSync(file, damage(readFileSync(file)));
    said.length = 0;
    const again = await prepare();
    const kind = path.basename(path.dirname(file)).split('-')[0];
    assert.match(said[0] ?? '', new RegExp(`cached ${kind} .+ is corrupted \\(${path.basename(file)} has changed\\)`));
    assert.equal([again.kernelHash, again.imageHash], [first.kernelHash, first.imageHash]);
  }
});

test('files that are damaged between preparation and boot are not booted', async () => {
  const cache = await fullCache('late');
  const guest = await (await Preparation.open(options, cache)).guest();
  const { QemuMachine } = await import('./machine.ts');
  const acceleration = { accelerator: 'tcg', notes: [] } as const;
  for (const file of [guest.kernelFile, guest.initramfs]) {
    const good = readFileSync(file);
    writeFileSync(file, flipped(good, 10_000));
    const dir = path.join(root, path.basename(file));
    const machine = new QemuMachine({ guest, options: { dir, smp: 1, memoryMiB: 512 }, version: '', acceleration });
    const failure = await failureOf(machine.start());
    assert.match(failure.message, `${file} has changed since it was prepared`);
    assert.is(machine.pid, undefined, 'QEMU was not started');
    await machine.stop();
    writeFileSync(file, good);
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}

test('two harnesses that begin with an empty cache both finish, and one waits with a word', async () => {
  const cache = cacheOfPackages('shared');
  const both = [harness({ cache }), harness({ cache })];
  const [one = '', two = ''] = await Promise.all(both.map(works));
  assert.match(one + two, /Another keystorm \(pid \d+ on .+\) is making the same thing \(\w+\) in this cache; waiting/);
  const built = (line: string) => Number(one.includes(line)) + Number(two.includes(line));
  for (const line of ['Unpacking the kernel', 'Assembling the guest image']) assert.is(built(line), 1, line);
});

test('one that waits goes on when the one it waits for is killed', async () => {
  const cache = cacheOfPackages('killed');
  const doomed = harness({ cache });
  assert.ok(await doomed.said(/Unpacking the kernel/));
  // It must not get further before the other one waits.
  doomed.child.kill('SIGSTOP');
  const heir = harness({ cache });
  assert.match((await heir.said(/waiting for it/)) ?? '', `pid ${doomed.child.pid} `);
  doomed.child.kill('SIGKILL');
  await works(heir);
  const left = readdirSync(path.join(cache, 'products')).filter((name) => name.startsWith('.unfinished'));
  assert.equal(left, [], 'nothing half made stays');
});

// Sets IFF_UP | IFF_RUNNING of lo with SIOCSIFFLAGS (netdevice(7)): every Debian has perl-base, not every one has `ip`.
const loopbackUp = `socket S, 2, 2, 0; $lo = pack "a16 s x22", "lo", 0x41; ioctl S, 0x8914, $lo or die "lo: $!\\n"`;

// As root in a network of its own; others make themselves root of a namespace first.
const offline = [
  'unshare',
  '--net',
  ...(isRoot ? [] : ['--map-root-user']),
  'sh',
  '-c',
  `perl -e '${loopbackUp}' && exec "$0" "$@"`,
];

test('no network, a full cache: nothing is missing', async () => {
  const said = await works(harness({ wrap: offline }));
  assert.not.match(said, /[Ff]etching/);
});

test('no network, an empty cache: one sentence says what is missing and what to do', async () => {
  const cache = path.join(root, 'empty');
  await refuses(harness({ wrap: offline, cache }), `The cache ${cache} lacks the kernel 6.1`, 'KEYSTORM_CACHE');
});

test('no network, a damaged package: it is named, and not used', async () => {
  const cache = path.join(root, 'damaged-package');
  cpSync(standard.root, cache, {
    recursive: true,
    preserveTimestamps: true,
    filter: (name) => !/\/(products|tmp|kvm)$/.test(name),
  });
  const name = readdirSync(path.join(cache, 'debs')).find((file) => file.startsWith('busybox_')) ?? '';
  const deb = path.join(cache, 'debs', name);
  writeFileSync(deb, flipped(readFileSync(deb), 1_000));
  await refuses(harness({ wrap: offline, cache }), `The cache ${cache} lacks the packages busybox`, 'KEYSTORM_CACHE');
});

test('a HOME that is not there is not missed', async () => {
  await works(harness({ env: { ...process.env, HOME: '/nonexistent' } }));
});

if (isRoot) {
  const readOnly = (dir: string, user: string) => [
    ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
    `mount --bind ${dir} ${dir} && mount -o remount,bind,ro ${dir} && exec ${user} "$0" "$@"`,
  ];
  const nobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups';

  const readsIt = (place: string) => spawnSync('sh', ['-c', `${nobody} ls "$0" >/dev/null 2>&1`, place]).status === 0;
  const closed = [checkoutDir, standard.root].find((place) => !readsIt(place));
  if (closed !== undefined)
    test.skip('a cache that is read-only and full serves whoever may read it', `user nobody may not read ${closed}`);
  else
    test('a cache that is read-only and full serves whoever may read it, also without a HOME', async () => {
      const { HOME: _, ...env } = process.env;
      await works(harness({ wrap: readOnly(standard.root, nobody), env }));
    });

  test('a cache that is read-only and empty: one sentence', async () => {
    const cache = path.join(root, 'bare');
    mkdirSync(cache);
    await refuses(
      harness({ wrap: readOnly(cache, 'env'), cache }),
      `The cache ${cache} lacks`,
      'EROFS',
      'KEYSTORM_CACHE',
    );
  });

  test('a disk that fills up while something is made: one sentence, and nothing half made', async () => {
    const cache = path.join(root, 'small');
    mkdirSync(cache);
    const mount = `mount -t tmpfs -o size=20m none ${cache} && ln -s ${standard.root}/debs ${cache}/debs`;
    const look = `"$0" "$@"; status=$?; ls -A ${cache}/products ${cache}/tmp >${root}/left; exit $status`;
    const wrap = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', `${mount}; ${look}`];
    await endsWith(3, harness({ wrap, cache }), [`The disk of the cache ${cache} is full`, 'KEYSTORM_CACHE']);
    assert.not.match(readFileSync(path.join(root, 'left'), 'utf8'), '.unfinished');
  });
} else test.skip('a cache that is read-only or on a full disk', 'only root may mount it so, in a mount namespace');

test('a cache below /proc is refused, not waited for', async () => {
  await refuses(harness({ cache: '/proc/keystorm' }), 'The cache /proc/keystorm', 'cannot be written to');
});

test.run();
