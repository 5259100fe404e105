// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { growth, keysLeftIn, leaksBetween, modulesLeftIn } from './leaks.ts';
import { parseSnapshot } from './snapshot.ts';
import { refcountSplat } from './testing/splats.ts';

const test = suite('looks into a guest');

const look = (
  about: { users?: string; modules?: string; locks?: number; keyJar?: number; shells?: number; log?: string } = {},
) => `
== log
${about.log ?? '<6>[    1.000000] Linux version 6.1.192'}
== users
${
  about.users ??
  `    0:     9 8/8 2/1000000 24/1000000000
 1000:     2 2/2 2/1000000 18/1000000000`
}
== modules
${about.modules ?? 'dummy 16384 0 - Live 0x0000000000000000'}
== lockdep
 lock-classes:                          570 [max: 8192]
 debug_locks:                             ${about.locks ?? 1}
== memory
MemAvailable:     819200 kB
== processes
 PPID COMMAND
    0 init
    0 kthreadd
    2 kworker/0:1
    1 dropbear
${'   88 sh\n'.repeat(about.shells ?? 1)}== slabs
key_jar ${about.keyJar ?? 9}
cred_jar 40
`;

test('keys of all users, modules of ours and caches are read', () => {
  const snapshot = parseSnapshot(look({ modules: 'keystorm 65536 2 - Live 0x0\nbridge 1 0 - Live 0x0\n' }), -1);
  assert.is(snapshot.keys, 10);
  assert.is(snapshot.instantiated, 10);
  assert.equal(snapshot.modules, ['keystorm']);
  assert.equal(snapshot.slabs, { key_jar: 9, cred_jar: 40 });
  assert.is(snapshot.locksWatched, true);
  assert.equal(snapshot.processes, { init: 1, dropbear: 1, sh: 1 });
  assert.is(snapshot.availableMiB, 800);
});

test('processes that stayed behind are leaks', () => {
  const [before, after] = [1, 3].map((shells) => parseSnapshot(look({ shells }), -1));
  assert.ok(before && after);
  assert.equal(
    leaksBetween(before, after, 'end').map(({ what }) => what),
    ['of sh there are 3 processes, and there were 1'],
  );
  assert.equal(leaksBetween(after, before, 'end'), []);
});

test('lockdep that has switched itself off is noticed', () => {
  assert.is(parseSnapshot(look({ locks: 0 }), -1).locksWatched, false);
});

test('a kernel without lockdep is no kernel that has switched it off', () => {
  const without = look().replace(/ (lock-classes|debug_locks):.*\n/g, '');
  assert.is(parseSnapshot(without, -1).locksWatched, null);
});

test('a report is seen once, by the first look after it', () => {
  const first = parseSnapshot(look({ log: refcountSplat }), 20);
  assert.is(first.reports.length, 1);
  assert.is(parseSnapshot(look({ log: refcountSplat }), first.seenUntil).reports.length, 0);
});

test('a log that was overwritten since the last look is told from a quiet one', () => {
  assert.is(parseSnapshot(look({ log: refcountSplat }), 5).logLost, true);
  assert.is(parseSnapshot(look({ log: `<6>[    5.000000] before\n${refcountSplat}` }), 5).logLost, false);
  assert.is(parseSnapshot(look({ log: refcountSplat }), -1).logLost, false);
});

test('a key more, and an object more in the cache of keys, are leaks; other caches only grow', () => {
  const before = parseSnapshot(look(), -1);
  const after = { ...before, keys: 11, slabs: { key_jar: 12, cred_jar: 50 } };
  assert.equal(
    leaksBetween(before, after, 'end').map(({ what }) => what),
    ['there are 11 keys, and there were 10', 'the cache key_jar holds 12 objects, and held 9'],
  );
  assert.equal(leaksBetween(after, before, 'end'), []);
  assert.equal(growth(before, after), [
    { cache: 'cred_jar', objects: 10 },
    { cache: 'key_jar', objects: 3 },
  ]);
});

test('a key under construction and a module that is still there were left behind', () => {
  const snapshot = parseSnapshot(
    look({ users: '    0:     9 8/7 2/1000000 24/1000000000', modules: 'keystorm_rfc 1 0 -' }),
    -1,
  );
  assert.equal(
    [...keysLeftIn(snapshot, 'end'), ...modulesLeftIn(snapshot, 'end')].map(({ what }) => what),
    ['1 key stayed under construction', 'the module keystorm_rfc is still loaded'],
  );
});

test.run();
