// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { causeOf, classifyEnding, classifySymptom, type Ending } from './exit-classification.ts';
import { type FailureKind, MachineFailure } from './failure.ts';
import { sight } from './kernel-log/sighting.ts';

const test = suite('classification of how a guest ended');

const usual: Ending = {
  wasReady: true,
  told: false,
  how: 'off',
  detail: 'QEMU ended with status 0',
  sighting: undefined,
  complaint: undefined,
  consoleTail: ['last words'],
};
const oops = sight('[    4.7] BUG: kernel NULL pointer dereference, address: 0000000000000008');
const panic = sight('[    3.1] Kernel panic - not syncing: sysrq triggered crash');
const initKilled = sight('[    1.9] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b');
const noRoot = sight('[    1.9] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)');
const softLockup = sight('[   52.1] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [ks-hammer:312]');
const oomKill = sight('[    3.2] Out of memory: Killed process 86 (dropbear)');

const table: readonly (readonly [string, Partial<Ending>, string | null])[] = [
  ['turned itself off after it was up', {}, null],
  ['was told to end', { told: true, how: 'gone' }, null],
  ['was told to end after an out-of-memory kill', { told: true, how: 'gone', sighting: oomKill }, null],
  ['was told to end after an oops', { told: true, how: 'gone', sighting: oops }, 'oops'],
  ['panicked', { how: 'reset', sighting: panic }, 'guest-panic'],
  ['lost its sshd to an out-of-memory kill', { how: 'reset', sighting: oomKill }, 'out-of-memory'],
  ['reset without a word', { how: 'reset' }, 'guest-panic'],
  ['turned itself off before it was up', { wasReady: false }, 'boot-failure'],
  ['reset before it was up', { wasReady: false, how: 'reset' }, 'boot-failure'],
  ['lost its init before it was up', { wasReady: false, how: 'reset', sighting: initKilled }, 'boot-failure'],
  ['lost its init later', { how: 'reset', sighting: initKilled }, 'guest-panic'],
  ['found no init', { wasReady: false, how: 'reset', sighting: noRoot }, 'boot-failure'],
  ['said why it could not come up', { wasReady: false, complaint: 'there is no network device' }, 'boot-failure'],
  [
    'gave up as its sshd was killed for want of memory',
    { complaint: 'sshd ended with status 137', sighting: oomKill },
    'out-of-memory',
  ],
  ['gave up later', { complaint: 'sshd ended with status 1' }, 'lost-connection'],
  ['had its QEMU killed', { how: 'gone', detail: 'QEMU was killed by SIGKILL' }, 'harness-fault'],
];

for (const [name, change, kind] of table) {
  test(`a guest that ${name}: ${kind ?? 'no failure'}`, () => {
    const failure = classifyEnding({ ...usual, ...change });
    assert.is(failure?.kind ?? null, kind);
    if (failure !== null) assert.equal(failure.consoleTail, ['last words']);
  });
}

test('a lost connection is named for what the console showed', () => {
  assert.is(classifySymptom('lost-connection', 'gone', undefined, []).kind, 'lost-connection');
  const failure = classifySymptom('timeout', 'It took too long.', oops, []);
  assert.is(failure.kind, 'oops');
  assert.is(
    failure.message,
    "The guest's kernel broke: BUG: kernel NULL pointer dereference, address: 0000000000000008 (seen as: It took too long.)",
  );
});

test('what was seen of a failure gives way to what the guest ended of, where that tells more', () => {
  const failure = (kind: FailureKind, message: string) => new MachineFailure(kind, message);
  const silent = failure('hang', 'The guest fell silent.');
  const dead = classifyEnding({ ...usual, told: true, sighting: panic });
  const named = causeOf(silent, { failure: dead, consoleTail: [] });
  assert.is(named.kind, 'guest-panic');
  assert.match(named.message, /^The guest died: Kernel panic .*crash \(seen as: The guest fell silent\.\)$/);
  assert.equal(named.consoleTail, ['last words']);
  for (const end of [null, failure('harness-fault', 'It does not end.'), failure('lost-connection', 'It is gone.')])
    assert.is(causeOf(silent, { failure: end, consoleTail: [] }), silent);
  const told = failure('boot-failure', 'It gave up.');
  assert.is(causeOf(told, { failure: dead, consoleTail: [] }), told);
});

test('what only explains names a symptom, though the guest went on until it was told to end', () => {
  const failure = (kind: FailureKind) => new MachineFailure(kind, 'It was seen.');
  const because = (kind: FailureKind, sighting: typeof oomKill) =>
    causeOf(failure(kind), { failure: null, consoleTail: ['last words'], sighting });
  const lost = because('hang', oomKill);
  assert.is(lost.kind, 'out-of-memory');
  assert.match(lost.message, /^The guest was lost: Out of memory: .* \(seen as: It was seen\.\)$/);
  assert.equal(lost.consoleTail, ['last words']);
  assert.is(because('timeout', softLockup).kind, 'hang');
  assert.is(because('boot-failure', oomKill).kind, 'boot-failure');
  const named = new MachineFailure('hang', 'It was seen.', [], { fault: { title: 'x', fingerprint: 'y' } });
  assert.is(causeOf(named, { failure: null, consoleTail: [], sighting: oomKill }), named);
});

test('a runner that gave up without a reason gave up for what a program said that it lacked; an error of the harness did not', () => {
  const gaveUp = new MachineFailure('harness-fault', 'The runner gave up.');
  const sighting = sight('writing file `config.json`: No space left on device');
  assert.is(causeOf(gaveUp, { failure: null, consoleTail: [], sighting }).kind, 'out-of-disk');
  assert.is(causeOf(gaveUp, { failure: null, consoleTail: [], sighting: softLockup }), gaveUp);
  const own = new MachineFailure('harness-fault', 'The harness failed.', [], { cause: new Error('x') });
  assert.is(causeOf(own, { failure: null, consoleTail: [], sighting }), own);
});

test('a runner that gave up in a guest whose kernel had broken gave up for that', () => {
  const gaveUp = new MachineFailure('harness-fault', 'The runner gave up.');
  const broken = classifyEnding({ ...usual, told: true, sighting: oops });
  assert.is(causeOf(gaveUp, { failure: broken, consoleTail: [] }).kind, 'oops');
  const killed = classifyEnding({ ...usual, how: 'gone' });
  assert.is(causeOf(gaveUp, { failure: killed, consoleTail: [] }), gaveUp);
});

test('a failure has the name of the fault on the console', () => {
  const fault = { title: 'BUG: kernel NULL pointer dereference in ks_f', fingerprint: '0123456789ab' };
  assert.ok(oops);
  const sighting = { ...oops, fault };
  assert.equal(classifyEnding({ ...usual, sighting })?.fault, fault);
  assert.equal(classifySymptom('timeout', 'It took too long.', sighting, []).fault, fault);
  assert.is(classifyEnding({ ...usual, how: 'reset' })?.fault, undefined);
});

test.run();
