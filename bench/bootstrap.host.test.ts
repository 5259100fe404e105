// SPDX-License-Identifier: MIT
/**
 * The very first start, on bad days: the real bootstrap and the real npm, in a small checkout of its own whose packages come
 * from a file, so that no network is needed and an installation can be held where a test wants it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from './testing/suite.ts';

const test = suite('the first start', { timeoutMs: 40_000 });
const conditionBoundMs = 20_000;

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-bootstrap-'));
const started: ChildProcess[] = [];
test.after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Stands for tsx. While it is installed it says so in a file, and with `hold` waits (30 s at most) for a word to go on. */
const installScript = `
  const fs = require('node:fs');
  const dir = process.env.INSTALL_NOTES;
  fs.appendFileSync(dir + '/begun', process.pid + ' ' + process.ppid + '\\n');
  const until = Date.now() + 30000;
  const look = () => {
    if (fs.existsSync(dir + '/hold') && Date.now() < until) return setTimeout(look, 10);
  };
  look();`;

let tarball = '';
test.before(() => {
  const dir = path.join(folder, 'package');
  write(path.join(dir, 'package.json'), {
    name: 'tsx',
    version: '1.0.0',
    exports: { './esm/api': './api.mjs', './package.json': './package.json' },
    scripts: { install: 'node install.cjs' },
  });
  writeFileSync(path.join(dir, 'api.mjs'), 'export function register() {}\n');
  // Too large for the small disks below.
  writeFileSync(path.join(dir, 'ballast'), randomBytes(500_000));
  writeFileSync(path.join(dir, 'install.cjs'), installScript);
  tarball = path.join(folder, 'tsx.tgz');
  const { status } = spawnSync('tar', ['-C', folder, '-czf', tarball, 'package']);
  assert.is(status, 0);
});

interface Checkout {
  readonly dir: string;
  /** Where the installation notes that it began; a file `hold` in there holds it. */
  readonly notes: string;
  readonly cache: string;
}

/** A checkout with the real bootstrap, one package, and a program that says hello. */
function checkout(resolved = `file:${tarball}`): Checkout {
  const dir = mkdtempSync(path.join(folder, 'checkout-'));
  for (const name of ['bootstrap.mjs', 'npm-packages.mjs']) {
    mkdirSync(path.join(dir, 'bench'), { recursive: true });
    cpSync(path.join(here, name), path.join(dir, 'bench', name));
  }
  const dependencies = { tsx: resolved.startsWith('file:') ? resolved : '1.0.0' };
  const project = { name: 'checkout', version: '1.0.0', private: true, type: 'module', dependencies };
  write(path.join(dir, 'package.json'), project);
  write(path.join(dir, 'package-lock.json'), {
    name: 'checkout',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'checkout', version: '1.0.0', dependencies },
      'node_modules/tsx': { version: '1.0.0', resolved, hasInstallScript: true },
    },
  });
  writeFileSync(path.join(dir, 'bench/hello.mjs'), `console.log('hello', ...process.argv.slice(2));\n`);
  const notes = path.join(dir, 'notes');
  mkdirSync(notes);
  return { dir, notes, cache: path.join(dir, 'cache') };
}

function write(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Start {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Standard error so far. */
  said(): string;
}

function start({ dir, notes, cache }: Checkout, env: NodeJS.ProcessEnv = {}, before: readonly string[] = []): Start {
  const words = [...before, process.execPath, path.join(dir, 'bench/bootstrap.mjs'), '--run', 'bench/hello.mjs', 'you'];
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, KEYSTORM_CACHE: cache, INSTALL_NOTES: notes, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, ended, said: () => err };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + conditionBoundMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${conditionBoundMs} ms: ${what}`);
    await sleep(10);
  }
}

/** One line for each time the package was installed: pids of its script and of that script's parent. */
function installations({ notes }: Checkout): number[][] {
  const file = path.join(notes, 'begun');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

const hold = ({ notes }: Checkout) => writeFileSync(path.join(notes, 'hold'), '');
const release = ({ notes }: Checkout) => rmSync(path.join(notes, 'hold'), { force: true });

function assertHello({ code, out, err }: Ended): void {
  assert.is(code, 0, err);
  assert.is(out, 'hello you\n');
}

function assertSentence({ code, out, err }: Ended, exitCode: number, sentence: RegExp): void {
  assert.is(code, exitCode, err);
  assert.is(out, '');
  const lines = err.trimEnd().split('\n');
  assert.match(lines.at(-1) ?? '', sentence, err);
  assert.not.match(err, /\n {4}at /);
}

test('it installs once, hands over, and the next start does not install', async () => {
  const place = checkout();
  const first = await start(place).ended;
  assertHello(first);
  assert.match(first.err, /installing the npm packages/);
  const second = await start(place).ended;
  assertHello(second);
  assert.is(second.err, '');
  assert.is(installations(place).length, 1);
});

test('to git bisect what never began is neither good nor bad', async () => {
  const place = checkout();
  const bisect = () =>
    spawnSync(process.execPath, [path.join(place.dir, 'bench/bootstrap.mjs'), 'bisect'], {
      env: { ...process.env, KEYSTORM_CACHE: place.cache, INSTALL_NOTES: place.notes },
      encoding: 'utf8',
    });
  const absent = bisect();
  assert.is(absent.status, 125, absent.stderr);
  assert.match(absent.stderr, /Cannot find module .*cli\.ts/);
  writeFileSync(path.join(place.dir, 'package-lock.json'), '{');
  const damaged = bisect();
  assert.is(damaged.status, 125, damaged.stderr);
  assert.match(damaged.stderr, /JSON/);
});

test('neither a HOME that is read-only nor none at all is in its way', async () => {
  assertHello(await start(checkout(), { HOME: '/proc/1' }).ended);
  assertHello(await start(checkout(), { HOME: undefined }).ended);
});

test('of two starts one installs and the other waits for it', async () => {
  const place = checkout();
  hold(place);
  const first = start(place);
  await until('the first installs', () => installations(place).length === 1);
  const second = start(place);
  await until('the second says that it waits', () => /waiting for it/.test(second.said()));
  release(place);
  assertHello(await first.ended);
  assertHello(await second.ended);
  assert.is(installations(place).length, 1);
});

test('when the one that installs is killed, its npm ends, and the one that waits installs', async () => {
  const place = checkout();
  hold(place);
  const first = start(place);
  await until('the first installs', () => installations(place).length === 1);
  const second = start(place);
  await until('the second says that it waits', () => /waiting for it/.test(second.said()));
  first.child.kill('SIGKILL');
  await first.ended;
  await until('the second installs', () => installations(place).length === 2);
  release(place);
  assertHello(await second.ended);
});

test('an installation that was cut short is made good by the next start', async () => {
  const place = checkout();
  hold(place);
  const first = start(place);
  await until('it installs', () => installations(place).length === 1);
  first.child.kill('SIGTERM');
  assert.is.not((await first.ended).code, 0);
  release(place);
  assertHello(await start(place).ended);
  assert.is(installations(place).length, 2);
});

test('a package that was taken away is put back', async () => {
  const place = checkout();
  assertHello(await start(place).ended);
  rmSync(path.join(place.dir, 'node_modules/tsx'), { recursive: true });
  assertHello(await start(place).ended);
});

test('without a network and with an empty cache it says what is missing', async () => {
  // Nobody listens on port 1 of the loopback.
  const place = checkout('http://127.0.0.1:1/tsx/-/tsx-1.0.0.tgz');
  const sentence = /^keystorm: the npm registry cannot be reached, and .* not all in .*cache\/npm: start once with/;
  assertSentence(await start(place).ended, 2, sentence);
});

test('a lock file that does not fit is named', async () => {
  const place = checkout();
  const file = path.join(place.dir, 'package.json');
  const project = JSON.parse(readFileSync(file, 'utf8'));
  write(file, { ...project, dependencies: { ...project.dependencies, commander: '14.0.3' } });
  assertSentence(await start(place).ended, 2, /^keystorm: package.json and package-lock.json do not belong together/);
});

test('a cache that cannot be made is named', async () => {
  const place = checkout();
  writeFileSync(place.cache, 'a file where a folder is needed');
  const sentence = /^keystorm: .*cache\/npm cannot be used \(ENOTDIR\): .*KEYSTORM_CACHE/;
  assertSentence(await start(place).ended, 2, sentence);
});

test('without npm it says where npm comes from, and that is a matter of set-up', async () => {
  const place = checkout();
  const bin = path.join(place.dir, 'bin');
  mkdirSync(bin);
  for (const name of ['setpriv', 'flock']) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  assertSentence(await start(place, { PATH: bin }).ended, 2, /^keystorm: npm is not installed/);
});

test('without setpriv and flock it installs all the same', async () => {
  const place = checkout();
  const bin = path.join(place.dir, 'bin');
  mkdirSync(bin);
  for (const name of ['npm', 'sh', 'node']) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    writeFileSync(path.join(bin, name), `#!/bin/sh\nexec ${stdout.trim()} "$@"\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  assertHello(await start(place, { PATH: bin }).ended);
});

/** A mount namespace of its own, in which a file system too small for anything lies on `dir`; null where that is not allowed. */
function withFullDisk(dir: string): readonly string[] | null {
  const script = 'mount -t tmpfs -o size=128k tmpfs "$0" && exec "$@"';
  const unshare = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];
  const words = [...unshare, 'sh', '-c', script, dir];
  const [program = '', ...args] = words;
  return spawnSync(program, [...args, 'true']).status === 0 ? words : null;
}

const probe = mkdtempSync(path.join(folder, 'probe-'));
if (withFullDisk(probe) === null) {
  test.skip('a full disk under node_modules', 'mount namespaces are not allowed here');
} else {
  for (const [name, place] of [
    ['node_modules', 'node_modules'],
    ['the cache', 'cache'],
  ] as const) {
    test(`a full disk under ${name} is named, and the next start with space installs`, async () => {
      const made = checkout();
      const dir = path.join(made.dir, place);
      mkdirSync(dir);
      const full = withFullDisk(dir);
      const ended = await start(made, {}, full ?? []).ended;
      assertSentence(ended, 3, /^keystorm: no space is left for the npm packages at .* about \d+ MB are needed/);
      assertHello(await start(made).ended);
    });
  }
}

test.run();
