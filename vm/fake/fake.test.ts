// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { renderGuestPlan } from '../../bench/plan/guest-plan.ts';
import { makePlan } from '../../bench/plan/make-plan.ts';
import { suite } from '../../bench/testing/suite.ts';
import { decodeFrameLine } from '../../results/frames.ts';
import { MachineFailure } from '../failure.ts';
import { parseGuestPlan } from './guest-plan.ts';
import { parseScript, scriptText } from './misbehaviour.ts';
import { FakeProvider } from './provider.ts';
import { VirtualClock } from './virtual-clock.ts';

const test = suite('the fake machine', { timeoutMs: 20_000 });
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-fake-'));
test.after(() => rmSync(dir, { recursive: true }));

const plan = makePlan({
  mechanisms: ['stock-minimal,keyagent-fd,userns-signal,keyagent-rfc'],
  scenarios: ['all'],
  kernel: '6.1',
  machine: 'fake',
  boots: 1,
  seed: 1,
  quick: true,
});
const [boot] = plan.boots;
assert.ok(boot);
const text = renderGuestPlan(plan, boot);

/** Everything that a fake guest writes when it is given `planText`. */
async function linesFor(planText: string): Promise<string[]> {
  const machine = new FakeProvider({ clock: new VirtualClock(), script: [] }).create({ dir, smp: 1, memoryMiB: 64 });
  await machine.start();
  await machine.ready();
  const channel = await machine.channel();
  channel.write(planText);
  let heard = '';
  for await (const chunk of channel) heard += String(chunk);
  await machine.stop();
  return heard.trimEnd().split('\n');
}

test('every line is a valid frame, numbered without a gap, from hello to done', async () => {
  const frames = (await linesFor(text)).map((line) => {
    const decoded = decodeFrameLine(line);
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.reason);
    return decoded.frame;
  });
  assert.equal(
    frames.map((frame) => frame.n),
    frames.map((_, index) => index),
  );
  assert.is(frames[0]?.t, 'hello');
  assert.is(frames.at(-1)?.t, 'done');
});

test('the same plan gives the same lines', async () => {
  assert.equal(await linesFor(text), await linesFor(text));
});

/** What a guest with this script truly did, and what its channel ended with. */
async function misbehaved(script: string) {
  const provider = new FakeProvider({
    clock: new VirtualClock(),
    script: parseScript(script),
    keepConsole: () => () => {},
  });
  const machine = provider.create({ dir, smp: 1, memoryMiB: 64 });
  await machine.start();
  await machine.ready();
  const channel = await machine.channel();
  const closed = new Promise<Error | undefined>((resolve) => {
    channel
      .on('error', resolve)
      .on('end', () => resolve(undefined))
      .resume();
  });
  channel.write(text);
  const error = await closed;
  await machine.stop();
  return { diary: provider.diaries[0], error, exit: await machine.wait() };
}

test('at the frame that its script names it does what it says, and its diary knows', async () => {
  const { diary, error } = await misbehaved('lost-frame@0#3 noise@0#5 repeat-frame@0#7 panic@0#9');
  assert.equal(diary?.happened, ['lost-frame', 'noise', 'repeat-frame', 'panic']);
  const numbers = diary?.delivered.map(({ frame }) => frame?.n ?? null);
  assert.equal(numbers, [0, 1, 2, 4, null, 5, 6, 7, 7, 8]);
  assert.is(error instanceof MachineFailure && error.kind, 'guest-panic');
  assert.ok(diary?.gone && diary.stops === 1);
});

test('a kernel that says that it broke and goes on has failed in the end, and a line may be torn', async () => {
  const { diary, error, exit } = await misbehaved('oops@0#2 torn-line@0#4');
  assert.is(error, undefined);
  assert.is(exit.failure?.kind, 'oops');
  const last = diary?.delivered.at(-1);
  assert.equal([last?.frame?.n, last?.intact], [4, false]);
});

test('over a slow link everything arrives, later', async () => {
  const { diary } = await misbehaved('slow-link@0#1');
  assert.is(diary?.delivered.at(-1)?.frame?.t, 'done');
});

test('a plan it does not understand gets one error frame that names the line', async () => {
  const lines = await linesFor('keystorm-plan 4\nboot 0\nfrobnicate 3\nrun\n');
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /"t":"error".*line 3: frobnicate 3/);
});

test('its reading of the plan is as strict as the protocol', () => {
  const wrong = [
    'keystorm-plan 2\nrun\n',
    'keystorm-plan 4\nboot 0\n',
    'keystorm-plan 4\ncell c\nrun\n',
    'keystorm-plan 4\nfloor syscall\nrun\n',
    'keystorm-plan 4\ncell c\n  window 1\nend\nrun\n',
    'keystorm-plan 4\ncell c\n  fault kill-answerer a at_ms 1 until_ms 2\nend\nrun\n',
    'keystorm-plan 4\nchecks k\n  check\nend\nrun\n',
    'keystorm-plan 4\nchecks k\n  window 1 1\nend\nrun\n',
    ...[
      'payload_bytes 255',
      'requests fresh hit_percent 100',
      'requests storm-one hit_percent 1',
      'requests odd hit_percent 0',
      'container a requesters 1 agent own agent_uid 0 requester_uid 0 setuid 0',
      'window 5001 1',
      'window 1 1 rate',
      'window 1 1 quickly',
      'window 1 1 batch samples',
      'window 1 1 batch rate 5',
      'window 1 1 batch stages',
      'requests storm-one hit_percent 0\nwindow 1 1 stages',
      'check fallbacks',
      'route userns\ncontainer a requesters 1 agent own agent_uid 0 requester_uid 0 setuid 0 depth 33',
      'route userns\ncontainer a requesters 1 agent own agent_uid 0 requester_uid 0 setuid 1 depth 1',
      'requests storm-one hit_percent 0\nwindow 1 1 rate 5',
      'requests fresh hit_percent 5\nwindow 1 1 batch',
      'window 1 1\nfault stop-answerer a at_ms 1 until_ms 2',
    ].map((statements) => `keystorm-plan 4\ncell c\n${statements}\nend\nrun\n`),
  ];
  for (const each of wrong) assert.throws(() => parseGuestPlan(each), /line|end/);
});

test('its reading of a whole plan has every step, and comments do not matter', () => {
  const commented = text.replaceAll('\n', ' # comment\n').replace('keystorm-plan 4 # comment', 'keystorm-plan 4');
  const parsed = parseGuestPlan(commented);
  assert.is(parsed.steps.length, boot.steps.length);
  assert.equal(parsed, parseGuestPlan(text));
});

test('a script names kind, boot and cell; anything else is a usage error', () => {
  assert.equal(parseScript('panic@0.2  hang@1'), [
    { kind: 'panic', boot: 0, cell: 2 },
    { kind: 'hang', boot: 1, cell: 0 },
  ]);
  assert.equal(parseScript('panic@0#17'), [{ kind: 'panic', boot: 0, cell: 0, frame: 17 }]);
  assert.is(scriptText(parseScript('panic@0#17 wrong-answers@1.2')), 'panic@0#17 wrong-answers@1.2');
  for (const wrong of ['explode@1', 'panic', 'panic@x', 'wrong-answers@0#3'])
    assert.throws(() => parseScript(wrong), /KIND@BOOT/);
});

test.run();
