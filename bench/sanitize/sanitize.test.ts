// SPDX-License-Identifier: MIT
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { temporaryFolder } from '../../results/testing/folders.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { KeystormError, MachineFailure } from '../../vm/failure.ts';
import { parseScript } from '../../vm/fake/misbehaviour.ts';
import { silentListener } from '../run/testing/listeners.ts';
import { suite } from '../testing/suite.ts';
import { experiments } from './experiments.ts';
import { exitCodeOfFindings } from './findings.ts';
import { type Sanitized, type SanitizePart, sanitize } from './sanitize.ts';
import { shortPlan } from './short-plan.ts';
import { type Answers, cleanSnapshot, ShellProvider } from './testing/guests.ts';
import { kasanSplat, leakText } from './testing/splats.ts';
import { unseen } from './watch.ts';

const test = suite('sanitizing, on fake guests', { timeoutMs: 20_000 });

const expect = { 'kernel-log-clean': 'held', 'module-unloads': 'held', 'no-stuck-keys': 'held' } as const;
const cells = ['latency', 'storm'].flatMap((scenario, index) => [
  aCell({ id: `c${index}0`, scenario, expect }),
  aCell({ id: `c${index}1`, scenario, expect }),
]);
/** A clean guest's answers, but for what `other` says. */
const answering =
  (other: Answers): Answers =>
  (command) => {
    const answer = other(command);
    if (answer !== '') return answer;
    if (command.includes('== users')) return cleanSnapshot();
    return /ks-(selftest|fail-nth|fuzz|unload-race)/.test(command) ? 'ok it went well\n' : '';
  };
const clean = answering(() => '');

async function sanitized(
  answers: Answers,
  parts: readonly SanitizePart[] = ['rounds', 'experiments'],
  script = '',
  dir = temporaryFolder(),
): Promise<{ done: Sanitized; provider: ShellProvider; dir: string }> {
  const provider = new ShellProvider(answers, parseScript(script));
  await provider.prepare();
  const plan = shortPlan(aPlan(cells, 1, { machine: 'fake' }), { rounds: 3, slowness: 1, smp: 2 });
  const { signal } = new AbortController();
  const job = { parts, plan, provider, dir, repro: '', slowness: 1, listener: silentListener, note: () => {}, signal };
  return { done: await sanitize(job), provider, dir };
}

const kinds = ({ findings }: Sanitized) => findings.map(({ kind, where }) => `${kind} in ${where}`);

test('all rounds and experiments happen in one guest, and a clean one gives no finding', async () => {
  const { done, provider, dir } = await sanitized(clean);
  assert.equal(done.findings, []);
  assert.is(provider.started, 1);
  assert.is(done.rounds.done, 3);
  assert.equal(done.keys, [9, 9, 9]);
  assert.is(done.experiments.length, experiments.length);
  const run = readRun(path.join(dir, 'run'));
  assert.is(run.status, 'complete');
  assert.is(run.records.filter(({ kind }) => kind === 'boot-end').length, 3);
});

test('the run says that its boots were rounds in one guest', async () => {
  const { dir } = await sanitized(clean, ['rounds']);
  const notes = readRun(path.join(dir, 'run')).records.flatMap((record) =>
    record.kind === 'boot-start' ? record.description.notes : [],
  );
  assert.is(notes.filter((note) => note.includes('rounds in one guest')).length, 3);
});

test('a report of the kernel after a round is a finding with its words, once', async () => {
  let looks = 0;
  const { done } = await sanitized(
    answering((command) => {
      if (!command.includes('== users')) return '';
      // The boot, and then rounds 0, 1, 2.
      return looks++ < 2 ? '' : cleanSnapshot().replace('== users', `${kasanSplat}== users`);
    }),
  );
  assert.equal(kinds(done), ['kernel-report in round 1']);
  assert.match(done.findings[0]?.lines.join('\n') ?? '', 'ks_read_out_of_bounds');
  assert.is(exitCodeOfFindings(done.findings), 1);
});

test('the same fault round after round is one finding, with its name and how often it came', async () => {
  let looks = 0;
  const { done } = await sanitized(
    answering((command) => {
      if (!command.includes('== users')) return '';
      const look = looks++;
      if (look === 0) return '';
      // Later, elsewhere, by another process: the log is looked through from where the look before ended.
      const again = kasanSplat
        .replaceAll(/\[ +(\d+)/g, (_, s: string) => `[  ${Number(s) + 100 * look}`)
        .replaceAll('fba1d20', `fba1d2${look}`)
        .replaceAll('bash/58', `sh/${look}`);
      return cleanSnapshot().replace('== users', `${again}== users`);
    }),
    ['rounds'],
  );
  const reports = done.findings.filter(({ kind }) => kind === 'kernel-report');
  assert.is(reports.length, 1);
  assert.is(reports[0]?.title, 'KASAN: slab-out-of-bounds Read in ks_read_out_of_bounds');
  assert.match(reports[0]?.fingerprint ?? '', /^[0-9a-f]{12}$/);
  assert.ok((reports[0]?.times ?? 0) >= 3);
});

test('memory that nobody can reach is a finding', async () => {
  const { done } = await sanitized(answering((command) => (command.includes('&& cat /sys/kernel') ? leakText : '')));
  assert.equal(kinds(done), ['leak in end', 'leak in end']);
});

test('keys that grow from round to round are a finding', async () => {
  let looks = 0;
  const { done } = await sanitized(
    answering((command) => (command.includes('== users') ? cleanSnapshot(9 + looks++) : '')),
    ['rounds'],
  );
  assert.ok(kinds(done).every((kind) => kind === 'leak in end'));
  assert.is(exitCodeOfFindings(done.findings), 1);
});

test('keys that the first experiment leaves are a finding, too, where no round came before', async () => {
  let looks = 0;
  const { done } = await sanitized(
    answering((command) => (command.includes('== users') ? cleanSnapshot(looks++ === 0 ? 9 : 12) : '')),
    ['experiments'],
  );
  assert.equal(kinds(done), ['leak in end', 'leak in end']);
});

test('a module that an experiment leaves loaded is found after that experiment', async () => {
  let raced = false;
  const { done } = await sanitized(
    answering((command) => {
      if (command.includes('ks-fuzz')) raced = true;
      if (!command.includes('== users') || !raced) return '';
      return cleanSnapshot().replace('== modules', '== modules\nkeystorm 65536 2 - Live 0x0');
    }),
    ['experiments'],
  );
  assert.is(kinds(done)[0], 'leak in experiment hostile-calls');
});

test('a report of one guest is no reason for lockdep to be off in the next', async () => {
  const splat = cleanSnapshot().replace('== users', `${kasanSplat}== users`);
  const off = (text: string) => text.replace(/(debug_locks:\s+)1/, '$10');
  let looks = 0;
  const { done } = await sanitized(
    // The first guest says both when it is up, and dies in its first round.
    answering((command) => (command.includes('== users') ? off(looks++ === 0 ? splat : cleanSnapshot()) : '')),
    ['rounds'],
    'panic@0.0',
  );
  assert.equal(kinds(done).slice(0, 2), ['kernel-report in boot', 'unseen in boot']);
});

test('what of the record was lost has not been looked at', async () => {
  const { done } = await sanitized(clean, ['rounds'], 'lost-frame@0.0');
  assert.ok(kinds(done).includes('unseen in rounds'), JSON.stringify(kinds(done)));
});

test('when nothing can be recorded any more, what was found until then is told', async () => {
  const dir = temporaryFolder();
  let looks = 0;
  const { done } = await sanitized(
    answering((command) => {
      if (!command.includes('== users')) return '';
      looks++;
      // In the way of the mark of the end.
      if (looks === 3) mkdirSync(path.join(dir, 'run', '.end.json.tmp'), { recursive: true });
      return looks < 3 ? '' : cleanSnapshot().replace('== users', `${kasanSplat}== users`);
    }),
    ['rounds', 'experiments'],
    '',
    dir,
  );
  assert.ok(kinds(done).includes('kernel-report in round 1'), JSON.stringify(kinds(done)));
  assert.ok(kinds(done).includes('broken in rounds'));
  assert.is(done.rounds.done, 3);
  assert.is(done.experiments.length, experiments.length);
  assert.is(exitCodeOfFindings(done.findings), 1);
});

test('a guest that broke is told from one in which something cannot be seen', () => {
  const kindOf = (error: unknown) => unseen('here', error).kind;
  assert.is(kindOf(new MachineFailure('hang', 'it hung')), 'broken');
  assert.is(kindOf(new KeystormError('the probe does not load', 3)), 'broken');
  assert.is(kindOf(new KeystormError('kmemleak does not scan', 4)), 'unseen');
});

test('a guest that dies in a round is replaced, and all other rounds are run', async () => {
  const { done, provider } = await sanitized(clean, ['rounds', 'experiments'], 'panic@0.0');
  assert.is(provider.started, 2);
  assert.is(done.rounds.done, 2);
  assert.ok(kinds(done).includes('broken in round 0'));
  assert.is(exitCodeOfFindings(done.findings), 3);
});

test('an experiment that fails is a finding, and the others are made', async () => {
  const { done } = await sanitized(
    answering((command) =>
      command.includes('ks-fail-nth') ? { code: 1, stdout: 'not ok load-module: killed\n', stderr: '' } : '',
    ),
    ['experiments'],
  );
  assert.equal(kinds(done), ['behaviour in experiment failing-allocations']);
  assert.is(done.experiments.length, experiments.length);
});

test('sanitizers that keep silent are findings, each by its name', async () => {
  const { done, provider } = await sanitized(
    answering((command) => (command.includes('echo 1 >/proc') ? 'Cannot allocate memory' : '')),
    ['sanitizers'],
  );
  assert.is(provider.started, 1);
  assert.ok(done.findings.every(({ kind }) => kind === 'silent-sanitizer'));
  assert.ok(done.findings.some(({ what }) => what.startsWith('KASAN')));
  assert.not.ok(done.findings.some(({ what }) => what.startsWith('FAILSLAB')));
  assert.is(exitCodeOfFindings(done.findings), 3);
});

test('kmemleak that has switched itself off leaves something unseen', async () => {
  const { done } = await sanitized(
    answering((command) =>
      command.includes('&& cat /sys/kernel') ? { code: 1, stdout: '', stderr: 'Device or resource busy' } : '',
    ),
    ['rounds'],
  );
  assert.equal(kinds(done), ['unseen in end']);
  assert.is(exitCodeOfFindings(done.findings), 4);
});

test('what was interrupted is not clean', async () => {
  const provider = new ShellProvider(clean);
  await provider.prepare();
  const plan = shortPlan(aPlan(cells, 1, { machine: 'fake' }), { rounds: 1, slowness: 1, smp: 2 });
  const parts: SanitizePart[] = ['sanitizers', 'rounds', 'experiments'];
  const job = { parts, plan, provider, dir: temporaryFolder(), repro: '', slowness: 1, note: () => {} };
  const done = await sanitize({ ...job, listener: silentListener, signal: AbortSignal.abort('SIGINT') });
  assert.equal(kinds(done), ['unseen in the rest']);
  assert.is(exitCodeOfFindings(done.findings), 4);
});

test('an interrupt ends the guest in which sanitizers are tried', async () => {
  const provider = new ShellProvider(clean);
  await provider.prepare();
  const plan = shortPlan(aPlan(cells, 1, { machine: 'fake' }), { rounds: 1, slowness: 1, smp: 2 });
  const control = new AbortController();
  const note = (text: string) => void (text.startsWith('trying') && control.abort('SIGINT'));
  const job = { plan, provider, dir: temporaryFolder(), repro: '', slowness: 1, note, listener: silentListener };
  const done = await sanitize({ ...job, parts: ['sanitizers', 'rounds'], signal: control.signal });
  assert.equal(provider.commands, [], 'nothing is tried any more');
  assert.equal(kinds(done), ['unseen in the rest']);
});

test('an interrupt after a round leaves what that round had, and one word on the rest', async () => {
  const provider = new ShellProvider(clean);
  await provider.prepare();
  const plan = shortPlan(aPlan(cells, 1, { machine: 'fake' }), { rounds: 4, slowness: 1, smp: 2 });
  const control = new AbortController();
  const listener = { ...silentListener, bootEnds: () => control.abort('SIGINT') };
  const job = { plan, provider, dir: temporaryFolder(), repro: '', slowness: 1, note: () => {} };
  const done = await sanitize({ ...job, parts: ['rounds'], listener, signal: control.signal });
  assert.equal(kinds(done), ['unseen in the rest']);
  assert.is(done.rounds.done, 1);
  assert.is(done.rounds.cells, plan.boots[0]?.steps.filter(({ kind }) => kind === 'cell').length);
});

test.run();
