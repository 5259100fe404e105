// SPDX-License-Identifier: MIT
/** What a window's faults do, and that each is undone, also when the runner is stopped in the middle of one. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import type { FrameOf } from '../../../results/frames.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('faults of a window, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const head = 'keystorm-plan 4\nboot 0\n';
const two = ['victim 2 own 0 0 0', 'bystander 2 own 0 0 0'];
const mechanisms = [
  ['session', 'signal'],
  ['userns', 'fd-keyctl'],
  ['intercept', 'fd-write'],
] as const;

/** A window for each fault, of the victim unless it says otherwise, and one without any. */
function windowsOf(faults: readonly string[]): string[] {
  const windowOf = (words: string) => {
    const [name = '', target = 'victim', amount] = words.split(' ');
    // That one goes on until the kernel has killed an agent, which takes its time on a busy host.
    const ms = name === 'squeeze-memory' ? 5_000 : 1_500;
    const much = amount === undefined ? '' : ` amount ${amount}`;
    return `window ${ms} 100000 samples\nfault ${name} ${target} at_ms 300 until_ms 900${much}`;
  };
  return [...faults.map(windowOf), 'window 400 100000 samples'];
}

async function done(id: string, route: string, delivery: string, faults: readonly string[]): Promise<Conversation> {
  const plan = cell({ id, route, delivery, containers: two, windows: windowsOf(faults), timeoutMs: 2_000 });
  const said = await converse(machine(), `${head}${plan}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  assert.is(said.of('unload')[0]?.ok, true);
  for (const window of said.of('window')) {
    const where = `${id}, window ${window.index} of ${window.container}`;
    assert.equal([window.open, window.twice, window.wrong], [0, 0, 0], where);
    assert.is(window.ended, window.started, where);
    if (window.container === 'bystander' || window.index === faults.length) assert.equal(window.errors, {}, where);
  }
  assert.is(said.of('keys')[0]?.under_construction, 0);
  assert.is(await leftovers(machine()), '');
  return said;
}

/** The two frames of a window's only fault, which must have hit and be gone. */
function faultOf(said: Conversation, index: number): { inject: FrameOf<'fault'>; clear: FrameOf<'fault'> } {
  const frames = said.of('fault').filter((fault) => fault.index === index);
  const [inject, clear] = frames;
  assert.ok(inject && clear && frames.length === 2, JSON.stringify(frames));
  assert.equal([inject.phase, clear.phase, clear.gone], ['inject', 'clear', true], inject.name);
  assert.ok(inject.hits > 0, `${inject.name} hit nothing`);
  assert.is(clear.amiss ?? 0, 0, `${inject.name}: what the kernel must refuse it took`);
  assert.ok(inject.mono_before <= inject.mono_after && clear.mono_before <= clear.mono_after, inject.name);
  return { inject, clear };
}

function errorsOf(said: Conversation, index: number): Record<string, number> {
  const window = said.of('window').find((each) => each.index === index && each.container === 'victim');
  return window?.errors ?? {};
}

const wrongs = ['slow-answerer victim 30', 'garble-answerer', 'repeat-answerer', 'misnumber-answerer'];

for (const [route, delivery] of mechanisms) {
  test(`${delivery}: the kernel bears an agent that does wrong, and its requesters get the right answer all the same`, async () => {
    const said = await done(delivery, route, delivery, wrongs);
    for (const [index, wrong] of wrongs.entries()) {
      faultOf(said, index);
      assert.equal(errorsOf(said, index), {}, wrong);
    }
    const rows = said.of('samples').filter((part) => part.container === 'victim' && part.index === 0);
    const latencies = rows.flatMap((part) => part.rows.map(([, latency]) => latency)).sort((a, b) => a - b);
    assert.ok((latencies.at(-1) ?? 0) >= 30e6, 'whoever waited for the slow agent waited as long as it did');
  });

  test(`${delivery}: a rejection is exactly the agent's errno, and an agent that crashes in a loop fails nobody for longer`, async () => {
    const said = await done(delivery, route, delivery, ['reject-answerer victim 122', 'crash-answerer']);
    const { inject } = faultOf(said, 0);
    assert.equal(errorsOf(said, 0), { EDQUOT: inject.hits });
    const crashed = faultOf(said, 1);
    assert.equal(Object.keys(errorsOf(said, 1)), ['ENOKEY']);
    const agents = said.of('agent').filter((agent) => agent.container === 'victim');
    assert.ok(agents.some((agent) => agent.restart && agent.pid === crashed.clear.pid));
  });

  test(`${delivery}: a requester that is killed while it waits is told from the others, and replaced`, async () => {
    const said = await done(delivery, route, delivery, ['kill-requester', 'kill-requester victim 2']);
    for (const [index, killed] of [1, 2].entries()) {
      assert.is(faultOf(said, index).inject.hits, killed);
      const window = said.of('window').find((each) => each.index === index && each.container === 'victim');
      assert.equal([window?.killed, window?.errors], [killed, {}]);
    }
    const last = said.of('samples').filter((part) => part.container === 'victim' && part.index === 2);
    const workers = new Set(last.flatMap((part) => part.rows.map(([, , , , worker]) => worker)));
    assert.equal([...workers].sort(), [0, 1], 'both are there again');
  });
}

test('a container storms in its own time and rests in all other, and its neighbour is served throughout', async () => {
  for (const [route, delivery] of mechanisms.slice(1)) {
    const said = await done('storm', route, delivery, ['storm-requesters']);
    const { inject, clear } = faultOf(said, 0);
    const [storming, beside, resting, alone] = said.of('window');
    assert.ok(storming && beside && resting && alone);
    assert.equal([storming.container, resting.container, resting.started], ['victim', 'victim', 0]);
    assert.ok(beside.ok > 0 && alone.ok > 0);
    // A round that was about to begin when it was over is no hit.
    assert.ok(storming.started === 2 * inject.hits || storming.started === 2 * (inject.hits + 1));
    const rows = said.of('samples').filter((part) => part.container === 'victim' && part.index === 0);
    const starts = rows.flatMap((part) => part.rows.map(([start]) => part.mono_start + start));
    assert.ok(Math.min(...starts) >= inject.mono_before, 'nobody asks before');
    assert.ok(Math.max(...starts) < clear.mono_after + 400e6, 'nor long after');
  }
});

test('an agent that containers share fails all of them when it crashes, and serves all again', async () => {
  for (const [route, delivery] of mechanisms.slice(0, 2)) {
    const said = await converse(
      machine(),
      `${head}${cell({
        id: 'shared',
        route,
        delivery,
        containers: ['victim 2 shared 0 0 0', 'other 2 shared 0 0 0', 'own 1 own 0 0 0'],
        windows: windowsOf(['crash-answerer', 'reject-answerer']),
      })}run\n`,
    );
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    const { clear } = faultOf(said, 0);
    faultOf(said, 1);
    assert.ok(
      said.of('agent').some(({ container, restart, pid }) => container === null && restart && pid === clear.pid),
    );
    const expected = [['ENOKEY'], ['EKEYREJECTED'], []];
    for (const window of said.of('window')) {
      const where = `${delivery}, window ${window.index} of ${window.container}`;
      assert.equal(Object.keys(window.errors), window.container === 'own' ? [] : expected[window.index], where);
      assert.equal([window.open, window.wrong, window.ended], [0, 0, window.started], where);
    }
    assert.is(await leftovers(machine()), '');
  }
});

test('on today’s path a requester that is killed goes no sooner than its helper, and is told from the others too', async () => {
  const plan = cell({
    id: 'stock',
    route: 'init',
    delivery: 'helper',
    helper: 'minimal',
    fallback: 'stock',
    containers: ['victim 2 none 0 0 0'],
    windows: windowsOf(['kill-requester']),
  });
  const said = await converse(machine(), `${head}${plan}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  assert.is(faultOf(said, 0).inject.hits, 1);
});

test('the helpers of several containers are killed at once, and something else is done meanwhile', async () => {
  const faults = ['kill-answerer victim at_ms 300 until_ms 1200', 'kill-answerer other at_ms 600 until_ms 1500'];
  const plan = cell({
    id: 'helpers',
    route: 'init',
    delivery: 'helper',
    helper: 'minimal',
    fallback: 'stock',
    containers: ['victim 2 none 0 0 0', 'other 2 none 0 0 0'],
    windows: [`window 2500 100000 samples\n${[...faults, clock].map((words) => `fault ${words}`).join('\n')}`],
  });
  const said = await converse(machine(), `${head}${plan}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  const seen = said.of('fault').map(({ name, container, phase, gone }) => [name, container, phase, gone]);
  assert.equal(seen, [
    ['kill-answerer', 'victim', 'inject', undefined],
    ['kill-answerer', 'other', 'inject', undefined],
    ['step-clock', null, 'inject', undefined],
    ['step-clock', null, 'clear', true],
  ]);
  for (const { name, hits } of said.of('fault')) assert.ok(hits > 0, `${name} hit nothing`);
  const start = said.of('window')[0]?.mono_start ?? 0;
  const [leap, back] = said.of('fault').filter(({ name }) => name === 'step-clock');
  assert.ok(
    (leap?.mono_before ?? 0) >= start + 700e6 && (back?.mono_before ?? 0) >= start + 1000e6,
    'not before it is due',
  );
  // If nothing else were done while helpers are looked for, the clock would leap back as soon as it has leapt ahead.
  assert.ok((back?.mono_before ?? 0) - (leap?.mono_after ?? 0) > 1e6, 'some time was another time of day');
  for (const window of said.of('window')) assert.equal(Object.keys(window.errors), ['ENOKEY'], window.container);
});

const clock = 'step-clock guest at_ms 700 until_ms 1000';

test('what a container may have is taken away and given back, and what dies of it is replaced', async () => {
  const said = await done('resources', 'session', 'fd-write', ['starve-answerer', 'exhaust-pids']);
  for (const index of [0, 1]) faultOf(said, index);
  assert.equal([errorsOf(said, 0), errorsOf(said, 1)], [{}, {}]);
  const leaking = await done('memory', 'session', 'fd-write', ['squeeze-memory', 'starve-answerer']);
  const { inject, clear } = faultOf(leaking, 0);
  assert.ok(clear.pid !== inject.pid, 'the agent that leaked was killed, and another is there');
  for (const errno of Object.keys(errorsOf(leaking, 0))) assert.is(errno, 'ENOKEY');
  // Which is starved in its turn.
  faultOf(leaking, 1);
});

test('an agent whose packets are lost asks again, gives up in time, and has its network back', async () => {
  const said = await done('network', 'userns', 'fd-write', ['lose-packets victim 50', 'lose-packets victim 100']);
  assert.ok(faultOf(said, 0).inject.hits > 0);
  faultOf(said, 1);
  for (const index of [0, 1]) for (const errno of Object.keys(errorsOf(said, index))) assert.is(errno, 'ETIMEDOUT');
  assert.ok((errorsOf(said, 1).ETIMEDOUT ?? 0) > 0, 'who loses everything gives up');
  const rows = said.of('samples').filter((part) => part.container === 'victim' && part.index < 2);
  const longest = Math.max(...rows.flatMap((part) => part.rows.map(([, latency]) => latency)));
  assert.ok(longest < 2_000e6, `nobody waits for longer than the module's timeout, but ${longest} ns`);
});

const offset = 'echo $(($(date +%s) - $(cut -d. -f1 /proc/uptime)))';

test('the time of day and the disk are as they were, also when the runner is stopped in the middle', async () => {
  const before = Number(await sh(machine(), offset));
  const said = await done('guest', 'session', 'fd-write', ['step-clock guest 86400', 'fill-disk guest']);
  const kinds = [0, 1].map((index) => faultOf(said, index).inject);
  assert.equal(
    kinds.map(({ container, pid }) => [container, pid]),
    [
      [null, 0],
      [null, 0],
    ],
  );
  const faults = ['step-clock guest', 'fill-disk guest', 'starve-answerer victim', 'slow-answerer victim'];
  const on = faults.map((words) => `fault ${words} at_ms 100 until_ms 5000`).join('\n');
  const plan = cell({
    id: 'stopped',
    route: 'session',
    delivery: 'fd-write',
    containers: two,
    windows: ['window 300 100000', `window 5000 100000\n${on}`],
  });
  const leapt = `for i in $(seq 200); do [ $(($(${offset}) - ${before})) -gt 1000 ] && exit 0; sleep 0.05; done; exit 1`;
  const stopped = await converse(machine(), `${head}${plan}run\n`, async (frame, hangUp) => {
    if (frame.t !== 'window' || frame.container !== 'bystander') return;
    await sh(machine(), leapt);
    hangUp();
  });
  assert.match(stopped.of('error')[0]?.message ?? '', /its input was closed/);
  assert.is(await leftovers(machine()), '');
  const after = Number(await sh(machine(), offset));
  assert.ok(Math.abs(after - before) <= 5, `the time of day is off by ${after - before} s`);
  await sh(machine(), 'for i in /run /tmp; do echo works >$i/works && rm $i/works || exit 1; done');
});

test.run();
