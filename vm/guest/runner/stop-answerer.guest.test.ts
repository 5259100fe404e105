// SPDX-License-Identifier: MIT
/** What an agent that stands still comes to: for whoever waits for it, for others, and for the runner. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import type { FrameOf } from '../../../results/frames.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('agents that are stopped, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const nsPerMs = 1e6;
const deliveries = ['fd-write', 'signal'];
const ownAgents = ['victim 2 own 0 0 0', 'bystander 2 own 0 0 0'];

interface Words {
  readonly delivery: string;
  readonly containers: readonly string[];
  readonly windows: readonly string[];
  readonly timeoutMs?: number;
}

function plan(words: Words): string {
  return `keystorm-plan 4\nboot 0\n${cell({ id: 'stop', route: 'session', ...words })}run\n`;
}

async function done(words: Words): Promise<Conversation> {
  const said = await converse(machine(), plan(words));
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  for (const window of said.of('window'))
    assert.equal([window.open, window.twice, window.wrong, window.ended], [0, 0, 0, window.started], window.container);
  assert.is(said.of('unload')[0]?.ok, true);
  return said;
}

interface Request {
  readonly start: number;
  readonly end: number;
  readonly errno: number;
  readonly worker: number;
}

/** A container's requests of the first window, times of the guest's clock. */
function requestsOf(said: Conversation, container: string): Request[] {
  const parts = said.of('samples').filter((part) => part.container === container && part.index === 0);
  return parts.flatMap((part) =>
    part.rows.map(([start, latency, errno, , worker]) => {
      const begin = part.mono_start + start;
      return { start: begin, end: begin + latency, errno, worker };
    }),
  );
}

function windowOf(said: Conversation, container: string, index = 0): FrameOf<'window'> {
  const window = said.of('window').find((each) => each.container === container && each.index === index);
  assert.ok(window, `window ${index} of ${container}`);
  return window;
}

function stopOf(said: Conversation, container: string): { inject: FrameOf<'fault'>; clear: FrameOf<'fault'> } {
  const frames = said.of('fault').filter((fault) => fault.name === 'stop-answerer' && fault.container === container);
  const [inject, clear] = frames;
  assert.ok(inject && clear && frames.length === 2, `stop-answerer of ${container}: ${JSON.stringify(frames)}`);
  assert.equal([inject.phase, clear.phase, inject.hits, clear.pid], ['inject', 'clear', 1, inject.pid]);
  return { inject, clear };
}

/** Nothing that began while the agent stood ended before it went on; of every requester one request waited, and was answered. */
function assertHeld(said: Conversation, container: string, workers: number): void {
  const { inject, clear } = stopOf(said, container);
  const requests = requestsOf(said, container);
  for (const request of requests.filter((each) => each.start > inject.mono_after && each.start < clear.mono_before))
    assert.ok(request.end > clear.mono_before, `${container}: a stopped agent has answered`);
  const held = requests.filter((each) => each.start < clear.mono_before && each.end > clear.mono_before);
  assert.equal(held.map((each) => each.worker).sort(), [...Array(workers).keys()], container);
  assert.equal(
    held.map((each) => each.errno),
    Array(workers).fill(0),
    container,
  );
  const stood = clear.mono_before - inject.mono_after;
  for (const { start, end } of held)
    assert.ok(end - start > stood / 2, `${container}: waited ${end - start} ns of the ${stood} that it stood`);
}

test('requests of a stopped agent wait until it goes on and are answered; its neighbour does not notice', async () => {
  for (const delivery of deliveries) {
    const windows = ['window 2500 100000 samples\nfault stop-answerer victim at_ms 700 until_ms 1500'];
    const said = await done({ delivery, containers: ownAgents, windows });
    const { inject, clear } = stopOf(said, 'victim');
    const victim = windowOf(said, 'victim');
    const [agent, ...successors] = said.of('agent').filter((each) => each.container === 'victim');
    assert.equal([inject.pid, successors.length], [agent?.pid, 0], delivery);
    assert.ok(inject.mono_before <= inject.mono_after && clear.mono_before <= clear.mono_after, delivery);
    assert.ok(inject.mono_before >= victim.mono_start + 700 * nsPerMs, delivery);
    assert.ok(clear.mono_before >= victim.mono_start + 1500 * nsPerMs, delivery);
    assertHeld(said, 'victim', 2);
    for (const container of ['victim', 'bystander']) assert.equal(windowOf(said, container).errors, {}, container);
    const within = requestsOf(said, 'bystander').filter(
      (each) => each.start > inject.mono_after && each.end < clear.mono_before,
    );
    assert.ok(within.length > 0, `${delivery}: the bystander is served while the victim waits`);
  }
});

test('a stopped shared agent holds up every container it serves; faults that overlap stop it until the last is over', async () => {
  for (const delivery of deliveries) {
    const faults = 'fault stop-answerer a at_ms 500 until_ms 1000\nfault stop-answerer b at_ms 800 until_ms 1500';
    const said = await done({
      delivery,
      containers: ['a 1 shared 0 0 0', 'b 1 shared 0 0 0', 'own 1 own 0 0 0'],
      windows: [`window 2500 100000 samples\n${faults}`],
    });
    const [a, b] = [stopOf(said, 'a'), stopOf(said, 'b')];
    const shared = said.of('agent').find((each) => each.container === null);
    assert.equal([a.inject.pid, b.inject.pid], [shared?.pid, shared?.pid], delivery);
    assert.is(a.clear.mono_before, b.clear.mono_before, delivery);
    assert.ok(a.clear.mono_before >= windowOf(said, 'a').mono_start + 1500 * nsPerMs, delivery);
    assertHeld(said, 'a', 1);
    assertHeld(said, 'b', 1);
    for (const window of said.of('window')) assert.equal(window.errors, {}, `${delivery} ${window.container}`);
  }
});

test("what waits longer than the module's timeout fails with ENOKEY, and the agent that goes on serves again", async () => {
  const timeoutMs = 600;
  for (const delivery of deliveries) {
    const windows = ['window 3500 100000 samples\nfault stop-answerer victim at_ms 500 until_ms 2200'];
    const said = await done({ delivery, containers: ownAgents, windows, timeoutMs });
    const { clear } = stopOf(said, 'victim');
    const victim = windowOf(said, 'victim');
    const failed = requestsOf(said, 'victim').filter((each) => each.errno !== 0);
    assert.equal(Object.keys(victim.errors), ['ENOKEY'], delivery);
    // An answer that comes as the time is up may still be the first.
    assert.ok((said.of('counters')[0]?.delta.timeouts ?? 0) >= failed.length, delivery);
    assert.ok(failed.length >= 2 * 2, `${delivery}: each requester more than once`);
    for (const { start, end } of failed) assert.ok(end - start >= timeoutMs * nsPerMs, delivery);
    const after = requestsOf(said, 'victim').filter((each) => each.start > clear.mono_after);
    assert.ok(after.length > 0 && after.every((each) => each.errno === 0), delivery);
    assert.is(said.of('agent').length, 2, `${delivery}: nobody had to be started again`);
    assert.equal(windowOf(said, 'bystander').errors, {}, delivery);
  }
});

test('an agent that is stopped to the end of its window goes on as the window ends, and serves the next', async () => {
  const windows = [
    'window 1000 100000 samples\nfault stop-answerer victim at_ms 400 until_ms 1000',
    'window 800 100000',
  ];
  const said = await done({ delivery: 'signal', containers: ownAgents, windows });
  const { clear } = stopOf(said, 'victim');
  // The last requests of a window are left in peace for half a second before anything else is done.
  assert.ok(clear.mono_before - windowOf(said, 'victim').mono_end < 500 * nsPerMs, 'at once');
  assertHeld(said, 'victim', 2);
  assert.equal(windowOf(said, 'victim', 1).errors, {});
  assert.ok(windowOf(said, 'victim', 1).ok > 0);
});

test('an agent that is killed while it stands is not continued; one that is not there is not hit', async () => {
  const faults = [
    'fault stop-answerer victim at_ms 400 until_ms 1400',
    'fault kill-answerer victim at_ms 700 until_ms 1000',
    'fault stop-answerer none at_ms 300 until_ms 500',
  ];
  const said = await done({
    delivery: 'fd-write',
    containers: ['victim 1 own 0 0 0', 'none 1 none 0 0 0'],
    windows: [`window 2000 100000 samples\n${faults.join('\n')}`],
  });
  const seen = said.of('fault').map((fault) => [fault.name, fault.container, fault.phase, fault.hits]);
  assert.equal(seen, [
    ['stop-answerer', 'victim', 'inject', 1],
    ['kill-answerer', 'victim', 'inject', 1],
    ['kill-answerer', 'victim', 'clear', 1],
    ['stop-answerer', 'none', 'inject', 0],
  ]);
  assert.is(said.of('fault')[3]?.pid, 0);
  const clear = said.of('fault')[2];
  const after = requestsOf(said, 'victim').filter((each) => each.start > (clear?.mono_after ?? Infinity));
  assert.ok(after.length > 0 && after.every((each) => each.errno === 0), 'the successor serves');
});

test('a runner that is stopped while an agent stands does not have to kill its containers, and leaves nothing behind', async () => {
  const state = '$(pidof ks-agent | sed "s|[0-9]*|/proc/&/status|g")';
  const standing = `for i in $(seq 100); do grep -q "^State:.T" ${state} && exit 0; sleep 0.1; done; exit 1`;
  // With the load at rest the guest has time for a look; several windows, as a busy host may need them.
  const windows = Array(5).fill('window 5000 100000\nfault stop-answerer victim at_ms 100 until_ms 5000');
  for (const containers of [['victim 1 own 0 0 0'], ['victim 1 shared 0 0 0', 'other 1 shared 0 0 0']]) {
    let stood = false;
    const text = plan({ delivery: 'fd-write', containers, windows: ['window 300 100000', ...windows] });
    const said = await converse(machine(), text, async (frame, hangUp) => {
      if (frame.t !== 'window' || stood) return;
      await sh(machine(), standing);
      stood = true;
      hangUp();
    });
    assert.ok(stood);
    assert.match(said.of('error')[0]?.message ?? '', /its input was closed/);
    // The runner says each second what it waits for, and gives a container ten to end before it kills it.
    assert.ok(said.of('beat').filter((beat) => beat.phase === 'container stop').length < 9);
    assert.is(await leftovers(machine()), '');
  }
});

test.run();
