// SPDX-License-Identifier: MIT
/** The root is this host's own /usr: what is tested is how it is entered and left. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { checkoutDir } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { runIn } from './chroot.ts';

const test = suite('commands in another root', { timeoutMs: 60_000 });
const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-chroot-'));
const root = path.join(folder, 'root');
const work = path.join(folder, 'work');
const source = path.join(folder, 'source');
const boundMs = 20_000;

for (const dir of [root, work, source]) mkdirSync(dir);
for (const top of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${top}`, path.join(root, top));
symlinkSync('/usr', path.join(folder, 'usr'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Like a toolchain's root, with this host's programs shown in it. */
const binds = [
  { from: '/usr', to: '/usr' },
  { from: source, to: '/src/given' },
  { from: work, to: '/build/work', writable: true },
];
const inside = (script: string, more: Parameters<typeof runIn>[2] = {}) =>
  runIn(root, ['sh', '-c', script], { binds, ...more });

test('it sees what it is shown, and only that; it is root there, and has no network', async () => {
  writeFileSync(path.join(source, 'hello'), 'hello');
  assert.is(await inside('cat /src/given/hello; id -u'), 'hello0\n');
  assert.is(await inside('ls /'), 'bin\nbuild\ndev\nlib\nlib64\nproc\nsbin\nsrc\ntmp\nusr\n');
  assert.is(
    (await inside('ls /sys/class/net 2>&1; tail -n +3 /proc/net/dev | cut -d: -f1')).trim().split('\n').at(-1)?.trim(),
    'lo',
  );
  assert.is(
    await inside('echo $FROM_OUTSIDE; pwd', { cwd: '/build/work', env: { FROM_OUTSIDE: 'given' } }),
    'given\n/build/work\n',
  );
});

test('it writes where it may, as whoever we are, and nowhere else', async () => {
  await inside('echo made >/build/work/made');
  assert.is(readFileSync(path.join(work, 'made'), 'utf8'), 'made\n');
  for (const place of ['/src/given/new', '/usr/keystorm-new', '/proc/self/comm']) {
    const error = await inside(`echo new >${place}`).catch((thrown: unknown) => thrown);
    assert.instance(error, KeystormError);
    assert.match((error as Error).message, 'Read-only file system');
  }
  assert.not.ok(existsSync(path.join(source, 'new')));
});

test('nor into /proc where it is given none of its own and sees that of the host', async () => {
  const program = `
    const { runIn } = await import(${JSON.stringify(pathToFileURL(path.join(checkoutDir, 'vm/image/toolchain/chroot.ts')).href)});
    const script = 'cat /proc/hidden; for file in /proc/self/comm /proc/hidden; do (echo new >$file) 2>&1; done; exit 0';
    console.log(await runIn(${JSON.stringify(root)}, ['sh', '-c', script], { binds: ${JSON.stringify(binds)} }));`;
  // A process namespace that has a part of /proc hidden gives no new one to those below it.
  const hide = 'mount -t tmpfs none /proc/fs && exec "$@"';
  const node = [
    process.execPath,
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    program.replaceAll('/proc/hidden', '/proc/fs/new'),
  ];
  const { stdout, stderr } = spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', hide, 'sh', ...node], {
    cwd: checkoutDir,
    encoding: 'utf8',
    timeout: boundMs,
  });
  assert.is(stdout.match(/Read-only file system/g)?.length, 2, stdout + stderr);
});

test('a failure says what the command said, and with which status', async () => {
  const error = await inside('echo of no use >&2; exit 7').catch((thrown: unknown) => thrown);
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 3);
  assert.match((error as Error).message, /failed \(status 7\):\n {2}of no use$/);
});

test('a root that is not there is said to be so', async () => {
  const error = await runIn(path.join(folder, 'none'), ['true']).catch((thrown: unknown) => thrown);
  assert.instance(error, KeystormError);
  assert.match((error as Error).message, /could not be put together|failed/);
});

test('nothing stays mounted', async () => {
  await inside('true');
  assert.not.match(readFileSync('/proc/self/mountinfo', 'utf8'), folder);
});

/** Does a process of this host have these words for its command line? */
async function running(...words: string[]): Promise<boolean> {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => textOf(`/proc/${pid}/cmdline`));
  return lines.includes(`${words.join('\0')}\0`);
}

/** Empty for a process that has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + boundMs;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `${what} within ${boundMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a time limit ends all of it, children too', async () => {
  const error = await inside('sleep 987.25 & sleep 987.25', { timeoutMs: 1_500 }).catch((thrown: unknown) => thrown);
  assert.match((error as Error).message, 'status killed');
  await until('its children end', async () => !(await running('sleep', '987.25')));
});

test('all of it ends with us, also when we are killed', async () => {
  const program = `
    const { runIn } = await import(${JSON.stringify(pathToFileURL(path.join(checkoutDir, 'vm/image/toolchain/chroot.ts')).href)});
    await runIn(${JSON.stringify(root)}, ['sh', '-c', 'sleep 987.5 & sleep 987.5'], { binds: ${JSON.stringify(binds)} });`;
  const harness: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: checkoutDir,
  });
  try {
    await until('it runs', () => running('sleep', '987.5'));
    harness.kill('SIGKILL');
    await until('its children end', async () => !(await running('sleep', '987.5')));
  } finally {
    harness.kill('SIGKILL');
  }
});

test.run();
