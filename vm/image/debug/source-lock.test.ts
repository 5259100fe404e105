// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { KeystormError } from '../../failure.ts';
import type { PackageFile } from '../apt.ts';
import { demandsOf } from './demands.ts';
import { debugKernels } from './maker.ts';
import { type PackageSource, parseSourceLock, readSourceLock, resolveSource } from './source-lock.ts';

const test = suite('the source of the debug kernel');
const lock = readSourceLock();

/** A mirror that has these versions, the last being the newest, and a cache that has none. */
function mirror(...versions: string[]): PackageSource {
  return {
    has: async () => false,
    apt: {
      update: async () => {},
      demandMirror: () => {},
      newest: async () => {
        const version = versions.at(-1);
        return version === undefined ? undefined : { version, depends: [] };
      },
      files: async (packages) =>
        packages.every(({ version }) => versions.includes(version))
          ? packages.map((each): PackageFile => ({ ...each, sha256: 'f'.repeat(64) }))
          : undefined,
    },
  };
}

async function refusal(debs: PackageSource, locked: boolean): Promise<KeystormError> {
  try {
    await resolveSource(lock, locked, debs);
  } catch (error) {
    assert.instance(error, KeystormError);
    return error as KeystormError;
  }
  throw new Error('nothing was refused');
}

test('the locked version is taken while the mirror has it, also beside newer ones', async () => {
  const resolved = await resolveSource(lock, false, mirror(lock.package.version, '6.1.999-1'));
  assert.equal(resolved, { lock, notes: [] });
});

test('in its absence the newest is built, and a note says so', async () => {
  const { lock: taken, notes } = await resolveSource(lock, false, mirror('6.1.998-1', '6.1.999-1'));
  assert.is(taken.kernel, '6.1.999');
  assert.is(taken.package.version, '6.1.999-1');
  assert.match(notes[0] ?? '', /building 6\.1\.999-1 instead/);
});

test('a lock that is damaged is refused with the place that is wrong', () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(
      () => parseSourceLock(text, '/x/source.lock.json'),
      (error: unknown) => error instanceof KeystormError && error.exitCode === 2 && message.test(error.message),
    );
  refused('{', /^\/x\/source\.lock\.json is not JSON: /);
  const { package: file } = lock;
  refused(JSON.stringify({ ...lock, package: { ...file, sha256: 'x' } }), /source\.lock\.json: package\.sha256: /);
});

test('--locked refuses instead', async () => {
  const error = await refusal(mirror('6.1.999-1'), true);
  assert.is(error.exitCode, 2);
  assert.match(error.message, 'source.lock.json');
});

test('a mirror without any version of it is no mirror to build from', async () => {
  assert.is((await refusal(mirror(), false)).exitCode, 3);
});

test('each flavour is a kernel of its own, by name, release and identity', () => {
  const entries = debugKernels.entries();
  assert.equal(
    entries.map(({ name }) => name),
    ['debug', 'leaks'],
  );
  for (const { release } of entries) assert.ok(release.startsWith(lock.kernel));
  for (const of of ['release', 'version', 'identity'] as const)
    assert.is(new Set(entries.map((entry) => entry[of])).size, 2);
});

test('a kernel with sanitizers, whoever built it, gets time and memory; another one no more than usual', () => {
  assert.is(demandsOf(new Map([['KASAN', 'y']]))?.slowness, demandsOf(new Map([['PROVE_LOCKING', 'y']]))?.slowness);
  assert.ok((demandsOf(new Map([['KASAN', 'y']]))?.memoryMiB ?? 0) > 512);
  assert.is(demandsOf(new Map([['KEYS', 'y']])), undefined);
});

test.run();
