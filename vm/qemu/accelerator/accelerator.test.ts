// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { Cache } from '../../cache.ts';
import { KeystormError } from '../../failure.ts';
import { programCommand } from '../../host/program.ts';
import { chooseAcceleration } from './choose.ts';
import { lookAtKvm } from './device.ts';
import { type KvmIdentity, kvmIdentity } from './identity.ts';
import { findVerdict, type KvmSources } from './kvm.ts';
import { memoryFile, recall, remember } from './memory.ts';
import { bootTinyGuest, verdictOf } from './probe.ts';
import type { KvmVerdict } from './verdict.ts';

const test = suite('choice of the accelerator');
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-accelerator-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
let caches = 0;
const newCache = () => new Cache(path.join(root, String(caches++)));

const identity = (device: string): KvmIdentity =>
  kvmIdentity({ device, qemu: 'QEMU 7.2', kernel: 'k'.repeat(64), flags: '-accel kvm' });
const noon = new Date('2026-01-02T12:00:00Z');
const later = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);
const verdict = (outcome: KvmVerdict['outcome'], detail = `it ${outcome}`): KvmVerdict => ({
  outcome,
  detail,
  decidedAt: noon.toISOString(),
});

/** Sources whose boot ends with `ends` in turn; the last one for ever. */
function sources(ends: readonly KvmVerdict[], now = noon): KvmSources & { boots: number } {
  const made = {
    boots: 0,
    look: () => ({ device: '10:232' }),
    now: () => now,
    boot: async () => ends[Math.min(made.boots++, ends.length - 1)] ?? verdict('died'),
  };
  return made;
}

function ask(cache: Cache, from: KvmSources, change: { again?: boolean; said?: string[] } = {}) {
  const progress = (line: string) => void change.said?.push(line);
  return findVerdict({ cache, identity, progress, again: change.again ?? false }, from);
}

test('emulation when it was asked for, without a look at KVM', async () => {
  const chosen = await chooseAcceleration('tcg', () => assert.unreachable() as never);
  assert.equal(chosen, { accelerator: 'tcg', notes: [] });
});

for (const outcome of ['hung', 'died', 'absent', 'forbidden'] as const) {
  test(`where KVM ${outcome}: auto emulates with a note, kvm is refused in one sentence`, async () => {
    const kvm = async () => ({ ...verdict(outcome, 'a tiny guest said nothing within 20 s'), remembered: true });
    const { accelerator, notes } = await chooseAcceleration('auto', kvm);
    assert.is(accelerator, 'tcg');
    assert.equal(notes, [
      `Emulated processors (TCG), as KVM does not boot a guest here: a tiny guest said nothing within 20 s (seen 2026-01-02 12:00 UTC; ${programCommand()} doctor --probe tries again).`,
    ]);
    const error = await chooseAcceleration('kvm', kvm).catch((thrown: unknown) => thrown);
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    assert.match((error as Error).message, /^KVM was asked for but does not boot a guest here: a tiny guest [^\n]+\.$/);
  });
}

test('where KVM boots a guest it is used, without a note', async () => {
  const kvm = async () => ({ ...verdict('boots'), remembered: false });
  for (const wanted of ['auto', 'kvm'] as const)
    assert.equal(await chooseAcceleration(wanted, kvm), { accelerator: 'kvm', notes: [] });
});

test('an answer is remembered and said to be', async () => {
  const cache = newCache();
  const from = sources([verdict('boots')]);
  const said: string[] = [];
  assert.is((await ask(cache, from, { said })).remembered, false);
  assert.is(said.length, 2);
  const again = await ask(cache, from, { said });
  assert.equal([again.outcome, again.remembered, from.boots, said.length], ['boots', true, 1, 2]);
});

test('a guest that booted or hung counts for good, a QEMU that ended for a day', async () => {
  for (const [outcome, hours, boots] of [
    ['boots', 10_000, 1],
    ['hung', 10_000, 1],
    ['died', 23, 1],
    ['died', 25, 2],
    ['died', -1, 2],
  ] as const) {
    const cache = newCache();
    const first = sources([verdict(outcome)]);
    await ask(cache, first);
    const second = sources([verdict('boots')], later(hours));
    await ask(cache, second);
    assert.is(first.boots + second.boots, boots, `${outcome} after ${hours} h`);
  }
});

test('whoever asks again gets a boot, and its answer replaces the other', async () => {
  const cache = newCache();
  const from = sources([verdict('hung'), verdict('boots')]);
  await ask(cache, from);
  assert.is((await ask(cache, from, { again: true })).outcome, 'boots');
  assert.is((await ask(cache, from)).outcome, 'boots');
  assert.is(from.boots, 2);
});

test('what a look decides is neither booted nor remembered', async () => {
  const cache = newCache();
  const seen = { outcome: 'forbidden', detail: 'you may not' } as const;
  const from = { ...sources([]), look: () => ({ verdict: seen }), boot: () => assert.unreachable() as never };
  assert.is((await ask(cache, from)).outcome, 'forbidden');
  assert.not.ok(existsSync(path.join(cache.root, 'kvm')));
});

test('of two harnesses that ask at once one boots', async () => {
  const cache = newCache();
  const from = sources([verdict('boots')]);
  const answers = await Promise.all([ask(cache, from), ask(cache, from)]);
  assert.is(from.boots, 1);
  assert.equal(
    answers.map((answer) => answer.outcome),
    ['boots', 'boots'],
  );
});

test('a cache that cannot be written to costs a boot each time, and a word', async () => {
  const cache = newCache();
  writeFileSync(cache.root, '');
  const from = sources([verdict('boots')]);
  const said: string[] = [];
  for (const boots of [1, 2]) {
    assert.is((await ask(cache, from, { said })).outcome, 'boots');
    assert.is(from.boots, boots);
  }
  assert.ok(said.some((line) => line.includes('could not be remembered')));
});

test('an answer of another host, QEMU, kernel or set of flags is not believed', async () => {
  const cache = newCache();
  const mine = identity('10:232');
  await remember(cache, mine, verdict('boots'));
  assert.is(recall(cache, mine, noon)?.outcome, 'boots');
  for (const field of Object.keys(mine) as (keyof KvmIdentity)[]) {
    const other = { ...mine, [field]: 'other' };
    assert.is(recall(cache, other, noon), undefined, field);
    // Nor when its file is copied to where ours would be.
    writeFileSync(memoryFile(cache, other), readFileSync(memoryFile(cache, mine)));
    assert.is(recall(cache, other, noon), undefined, `${field}, copied`);
  }
  assert.is(readdirSync(path.join(cache.root, 'kvm')).length, 1 + Object.keys(mine).length);
});

test('a damaged memory and one of another form are none', async () => {
  const cache = newCache();
  const mine = identity('10:232');
  await remember(cache, mine, verdict('boots'));
  const file = memoryFile(cache, mine);
  const good = readFileSync(file, 'utf8');
  for (const spoilt of [
    '',
    good.slice(0, -20),
    good.replace('verdict/1', 'verdict/2'),
    good.replace('"boots"', '"ok"'),
  ]) {
    writeFileSync(file, spoilt);
    assert.is(recall(cache, mine, noon), undefined, spoilt);
  }
  writeFileSync(file, good);
  assert.ok(recall(cache, mine, noon));
});

test('a look tells a missing device, one that may not be opened, and what is none', () => {
  const refuse = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  const outcome = (look: ReturnType<typeof lookAtKvm>) => ('verdict' in look ? look.verdict.outcome : look.device);
  assert.is(outcome(lookAtKvm(path.join(root, 'nothing'))), 'absent');
  const file = path.join(root, 'file');
  writeFileSync(file, '');
  assert.is(outcome(lookAtKvm(file)), 'absent');
  for (const code of ['EACCES', 'EPERM']) assert.is(outcome(lookAtKvm(file, refuse(code))), 'forbidden');
  for (const code of ['ENODEV', 'ENXIO']) assert.is(outcome(lookAtKvm(file, refuse(code))), 'absent');
  assert.is(outcome(lookAtKvm('/dev/null')), '1:3');
});

/** A made-up QEMU. */
async function outcomeOf(script: string, deadlineMs = 3_000): Promise<KvmVerdict> {
  return verdictOf(await bootTinyGuest('sh', ['-c', script], root, deadlineMs), noon, deadlineMs);
}

for (const [what, script, outcome, detail] of [
  ['says its word and powers off', 'echo "keystorm: booted"; exit 0', 'boots', 'booted and powered off'],
  ['powers off without its word', 'echo "[ 0.1] hello"; exit 0', 'died', '[ 0.1] hello'],
  [
    'speaks and then crashes QEMU',
    'echo "keystorm: booted"; echo "qemu-system-x86_64: error: no" >&2; kill -ABRT $$',
    'died',
    ': error: no',
  ],
  [
    'has a QEMU that cannot use KVM',
    'echo "Could not access KVM kernel module: Device or resource busy" >&2; exit 1',
    'died',
    'resource busy',
  ],
] as const) {
  test(`a tiny guest that ${what}: ${outcome}`, async () => {
    const seen = await outcomeOf(script);
    assert.is(seen.outcome, outcome);
    assert.match(seen.detail, detail);
    assert.is(seen.decidedAt, noon.toISOString());
  });
}

for (const [what, script, detail] of [
  ['is silent', 'exec sleep 600', 'said nothing within 0.2 s'],
  ['stops midway', 'echo "[ 0.1] TSC"; exec sleep 600', 'said only "[ 0.1] TSC" within 0.2 s'],
  ['does not power off', 'echo "keystorm: booted"; exec sleep 600', 'did not power off within 0.2 s'],
] as const) {
  test(`a tiny guest that ${what} hung, and its QEMU is gone`, async () => {
    const pidFile = path.join(root, 'pid');
    const seen = await outcomeOf(`echo $$ >${pidFile}; ${script}`, 200);
    assert.is(seen.outcome, 'hung');
    assert.match(seen.detail, detail);
    assert.throws(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0));
  });
}

test.run();
