// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import type { KernelBuild } from '../image/kernel-build.ts';
import { parseFacts } from './facts.ts';
import { type RunningKernelParts, runningKernel } from './kernel.ts';
import { type FactName, factsText } from './testing/facts.ts';

const test = suite('what modules for the kernel of a machine are built against');

function opened(
  change: Partial<Record<FactName, string>>,
  parts: Partial<RunningKernelParts> = {},
): Promise<KernelBuild> {
  return runningKernel({
    host: 'lab1',
    facts: parseFacts(factsText(change)),
    cache: new Cache(temporaryFolder()),
    progress: () => undefined,
    fetchHeaders: () => Promise.reject(new Error('nobody was to be asked')),
    fromMirror: async () => undefined,
    ...parts,
  });
}

test('a kernel without headers: the package to install is named', async () => {
  const error = await opened({}).catch((why: unknown) => why);
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 2);
  assert.match(
    (error as Error).message,
    /lab1 runs the kernel 6\.1\.0-99-amd64 \(6\.1\.999-1\), and there are no headers .* apt-get install linux-headers-6\.1\.0-99-amd64$/,
  );
});

test('a mirror is asked for exactly that release and version, of its own suite, and only where it is one of Debian', async () => {
  const asked: unknown[] = [];
  const fromMirror: RunningKernelParts['fromMirror'] = async (kernel) => {
    asked.push(kernel);
    return undefined;
  };
  await opened({}, { fromMirror }).catch(() => undefined);
  await opened({ distribution: 'ubuntu' }, { fromMirror }).catch(() => undefined);
  assert.equal(asked, [{ release: '6.1.0-99-amd64', version: '6.1.999-1', suite: 'bookworm' }]);
});

test("the machine's own headers are fetched once, and lie elsewhere then", async () => {
  const root = temporaryFolder();
  const own = path.join(root, 'usr', 'src', 'linux-headers-6.1.0-99-amd64');
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'Makefile'), 'include /usr/src/linux-headers-6.1.0-99-common/Makefile\n');
  writeFileSync(path.join(own, '.config'), 'CONFIG_X=y\n');
  writeFileSync(path.join(own, 'Module.symvers'), '');
  mkdirSync(path.join(own, 'scripts', 'basic'), { recursive: true });
  for (const name of ['Makefile.build', 'basic/fixdep']) writeFileSync(path.join(own, 'scripts', name), '');
  let fetched = 0;
  const fetchHeaders = async () => {
    fetched++;
    return execFileSync('tar', ['-C', root, '-czf', '-', 'usr']);
  };
  const cache = new Cache(temporaryFolder());
  const facts = { headers: 'yes', headers_sum: 'a'.repeat(64), distribution: 'other' };
  const kernel = await opened(facts, { fetchHeaders, cache });
  assert.is(fetched, 0);
  const tree = await kernel.moduleTree();
  assert.is(tree.make, 'usr/src/linux-headers-6.1.0-99-amd64');
  const makefile = readFileSync(path.join(tree.dir, tree.make, 'Makefile'), 'utf8');
  assert.is(makefile, 'include ../linux-headers-6.1.0-99-common/Makefile\n');
  await (await opened(facts, { fetchHeaders, cache })).moduleTree();
  assert.is(fetched, 1);
  const other = await opened({ ...facts, headers_sum: 'b'.repeat(64) }, { fetchHeaders, cache });
  assert.is.not(other.identity, kernel.identity);
});

test('headers that came without what they refer to are refused, and not kept', async () => {
  const root = temporaryFolder();
  const own = path.join(root, 'usr', 'src', 'linux-headers-6.1.0-99-amd64');
  mkdirSync(own, { recursive: true });
  for (const name of ['Makefile', 'Module.symvers']) writeFileSync(path.join(own, name), '');
  symlinkSync('../../lib/linux-kbuild-6.1/scripts', path.join(own, 'scripts'));
  const fetchHeaders = async () => execFileSync('tar', ['-C', root, '-czf', '-', 'usr']);
  const kernel = await opened({ headers: 'yes', headers_sum: 'c'.repeat(64), distribution: 'other' }, { fetchHeaders });
  const error = await kernel.moduleTree().catch((why: unknown) => why);
  assert.instance(error, KeystormError);
  assert.match((error as Error).message, /lab1 lack scripts\/Makefile\.build: install them anew/);
});

test.run();
