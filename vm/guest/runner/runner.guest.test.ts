// SPDX-License-Identifier: MIT
/** Boots one guest and has its runner do short plans: what comes back, and what is left behind. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('the guest runner, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const init = { route: 'init', delivery: 'helper', fallback: 'stock' };
const one = ['subject 1 none 0 0 0'];
const oneWithAgent = ['subject 1 own 0 0 0'];
const victimAndBystander = ['victim 2 own 0 0 0', 'bystander 2 own 0 0 0'];
const head = 'keystorm-plan 4\nboot 7\n';

/** What holds for every window of every plan here. */
function everyRequestIsAccountedFor(said: Conversation): void {
  for (const window of said.of('window')) {
    const where = `${window.cell}/${window.index}/${window.container}`;
    const errors = Object.values(window.errors).reduce((a, b) => a + b, 0);
    assert.ok(window.started > 0, where);
    assert.is(window.ended, window.started, where);
    assert.is(window.ok + errors, window.ended, where);
    assert.equal([window.wrong, window.open, window.twice, window.late], [0, 0, 0, 0], where);
    assert.is(window.hist.count, window.ok, where);
    assert.is(window.errors_hist?.count ?? 0, errors, where);
    assert.is(window.truncated, false, where);
  }
}

function delta(said: Conversation, id: string): Record<string, number> & { requests: number } {
  const frame = said.of('counters').find((each) => each.cell === id);
  assert.ok(frame, `counters of ${id}`);
  return { ...frame.delta, requests: frame.upcalls_ok + frame.upcalls_failed } as never;
}

let full: Conversation;

test('a plan with every floor and every mechanism is done to its end', async () => {
  const plan = [
    head,
    'floor syscall 2000\nfloor add_key 200\nfloor eventfd 200\nfloor vfork_exec 30\n',
    cell({ id: 'stock', ...init, containers: one, windows: ['window 1000 10 samples'] }),
    cell({ id: 'stock-minimal', ...init, helper: 'minimal', containers: one, windows: ['window 1000 50'] }),
    cell({
      id: 'keyagent-fd',
      route: 'session',
      delivery: 'fd-write',
      containers: oneWithAgent,
      windows: ['window 1000 300', 'window 5000 200 samples'],
    }),
    cell({
      id: 'keyagent-signal',
      route: 'session',
      delivery: 'signal',
      containers: oneWithAgent,
      windows: ['window 1000 300'],
    }),
    cell({ id: 'null-actor', route: 'null', delivery: 'none', containers: one, windows: ['window 5000 100'] }),
    'run\n',
  ].join('');
  full = await converse(machine(), plan);
  assert.is(full.last?.t, 'done', JSON.stringify(full.last));
  assert.equal(
    full.of('floor').map((floor) => [floor.name, floor.hist.count]),
    [
      ['syscall', 2000],
      ['add_key', 200],
      ['eventfd', 200],
      ['vfork_exec', 30],
    ],
  );
  assert.is(full.of('hello')[0]?.boot, 7);
  assert.match(full.of('hello')[0]?.module ?? '', /^[0-9a-f]{40}$/, 'the build-id of the module');
  assert.is(full.of('cell').length, 5);
  assert.is(full.of('window').length, 6);
  everyRequestIsAccountedFor(full);
  for (const window of full.of('window')) assert.equal(window.errors, {}, window.cell);
});

test('a window ends with its number of requests or with its time, whichever is first', () => {
  const counted = full.of('window').find((window) => window.cell === 'null-actor');
  assert.is(counted?.started, 100);
  for (const window of full.of('window')) {
    const planned = window.index === 1 || window.cell === 'null-actor' ? 5000 : 1000;
    assert.ok(window.mono_end - window.mono_start <= planned * 1e6, window.cell);
  }
});

test('samples are all requests of the window in order of their start', () => {
  for (const window of full.of('window')) {
    const parts = full.of('samples').filter((each) => each.cell === window.cell && each.index === window.index);
    if (parts.length === 0) continue;
    const rows = parts.flatMap((part) => part.rows);
    assert.is(rows.length, window.started, window.cell);
    assert.equal(
      parts.map((part) => part.last),
      parts.map((_, i) => i === parts.length - 1),
    );
    const starts = rows.map((row) => row[0]);
    assert.equal(
      starts,
      [...starts].sort((a, b) => a - b),
      window.cell,
    );
    assert.is(Math.max(...rows.map((row) => row[1])), window.hist.max);
    assert.is(
      rows.reduce((sum, row) => sum + row[1], 0),
      window.hist.sum,
    );
  }
});

test('the host helper runs once for each stock request, and never for an agent or the null actor', () => {
  for (const id of ['stock', 'stock-minimal']) assert.is(delta(full, id).helper_execs, delta(full, id).requests, id);
  for (const id of ['keyagent-fd', 'keyagent-signal', 'null-actor']) assert.is(delta(full, id).helper_execs, 0, id);
  assert.is(delta(full, 'keyagent-fd').notified_fd_write, delta(full, 'keyagent-fd').requests);
  assert.is(delta(full, 'keyagent-signal').notified_signal, delta(full, 'keyagent-signal').requests);
  assert.is(delta(full, 'null-actor').null, delta(full, 'null-actor').requests);
});

test('agents answer from the namespaces of their container, the helper from those of init', () => {
  const hello = full.of('hello')[0];
  for (const frame of full.of('cell')) {
    const ns = frame.containers[0]?.ns;
    assert.ok(ns && hello);
    for (const kind of ['user', 'net', 'mnt', 'pid', 'uts', 'ipc', 'cgroup'] as const)
      assert.is.not(ns[kind], hello.init_ns[kind], `${frame.id}: ${kind} namespace`);
    for (const agent of full.of('agent').filter((each) => each.cell === frame.id)) assert.equal(agent.ns, ns);
  }
  for (const window of full.of('window'))
    assert.is(window.foreign_ns, window.cell.startsWith('stock') ? window.ok : 0, window.cell);
});

test('no key is left under construction or owned by a container that is gone, and the module unloads', () => {
  assert.is(full.of('keys').length, 5);
  for (const keys of full.of('keys')) {
    assert.is(keys.under_construction, 0, keys.cell);
    for (const uid of Object.keys(keys.users)) assert.ok(Number(uid) < 100_000, `${keys.cell}: uid ${uid} has keys`);
  }
  assert.is(full.of('unload')[0]?.ok, true);
});

test('nothing is left behind by a plan that was done', async () => {
  assert.is(await leftovers(machine()), '');
});

test('killing an agent fails requests of its container alone, until its successor is ready', async () => {
  for (const delivery of ['fd-write', 'signal']) {
    const fault = 'window 2500 100000 samples\nfault kill-answerer victim at_ms 700 until_ms 1200';
    const words = { route: 'session', delivery, containers: victimAndBystander, windows: [fault] };
    const said = await converse(machine(), `${head}${cell({ id: 'kill', ...words })}run\n`);
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    everyRequestIsAccountedFor(said);
    const [victim, bystander] = said.of('window');
    const [inject, clear] = said.of('fault');
    const agents = said.of('agent').filter((agent) => agent.container === 'victim');
    assert.ok(victim && bystander && inject && clear && victim.container === 'victim');
    assert.equal([inject.phase, inject.hits, inject.pid], ['inject', 1, agents[0]?.pid], delivery);
    assert.equal([clear.phase, clear.pid, agents[1]?.restart], ['clear', agents[1]?.pid, true], delivery);
    assert.ok(inject.mono_after < clear.mono_before && clear.mono_before < clear.mono_after, delivery);
    assert.ok((victim.errors.ENOKEY ?? 0) > 0, `${delivery}: ${JSON.stringify(victim.errors)}`);
    assert.equal(bystander.errors, {}, delivery);

    const rows = said.of('samples').flatMap((part) => (part.container === 'victim' ? part.rows : []));
    const failed = rows.filter((row) => row[2] !== 0).map((row) => victim.mono_start + row[0]);
    assert.ok(Math.max(...failed) < clear.mono_after, `${delivery}: no request fails after the successor is ready`);
    const answerers = new Set(rows.filter((row) => row[2] === 0).map((row) => row[3]));
    assert.equal(
      [...answerers],
      agents.map((agent) => agent.agent),
      `${delivery}: first one, then the other`,
    );
    assert.is(delta(said, 'kill').helper_execs, 0, delivery);
  }
});

test('an agent that has ended by itself is not hit by a fault, and its end is an error once it is heard of', async () => {
  const fault = 'window 4000 100000\nfault kill-answerer subject at_ms 3000 until_ms 3500';
  const windows = ['window 300 100000', fault, 'window 4000 100000'];
  const words = { route: 'session', delivery: 'fd-write', containers: oneWithAgent, windows };
  // Who would tell the runner of its end stands still meanwhile.
  const said = await converse(machine(), `${head}${cell({ id: 'ended', ...words })}run\n`, async (frame) => {
    if (frame.t === 'window' && frame.index === 0)
      await sh(machine(), 'kill -STOP $(pidof ks-pod); kill -9 $(pidof ks-agent)');
    if (frame.t === 'fault') await sh(machine(), 'kill -CONT $(pidof ks-pod)');
  });
  assert.equal(
    said.of('fault').map(({ phase, hits, pid }) => [phase, hits, pid]),
    [['inject', 0, 0]],
  );
  assert.match(said.of('error')[0]?.message ?? '', /agent \d+ of container 'subject' ended by itself \(signal 9\)/);
  assert.is(await leftovers(machine()), '');
});

test('killing the helpers that serve a container fails requests of that container, and of no other', async () => {
  for (const helper of ['keyutils', 'minimal']) {
    const window = 'window 1500 100000\nfault kill-answerer victim at_ms 300 until_ms 800';
    const containers = ['victim 1 none 0 0 0', 'bystander 1 none 0 0 0'];
    const said = await converse(
      machine(),
      `${head}${cell({ id: 'h', ...init, helper, containers, windows: [window] })}run\n`,
    );
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    everyRequestIsAccountedFor(said);
    const [inject, ...more] = said.of('fault');
    assert.equal([inject?.phase, more.length], ['inject', 0], helper);
    const [victim, bystander] = said.of('window').map((each) => each.errors);
    assert.equal([Object.keys(victim ?? {}), bystander], [['ENOKEY'], {}], helper);
    // A helper that was killed after it had answered failed nobody.
    assert.ok((victim?.ENOKEY ?? 0) <= (inject?.hits ?? 0), helper);
  }
});

test('requesters and agents run under the uids they are given, also as a setuid program', async () => {
  const containers = ['plain 1 own 0 1000 0', 'raised 1 own 0 1000 1', 'attacker 1 own 1000 1000 1'];
  const words = { route: 'session', delivery: 'fd-write', containers, windows: ['window 1000 50'] };
  const said = await converse(machine(), `${head}${cell({ id: 'uids', ...words })}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  const [plain, raised, attacker] = said.of('window');
  assert.ok(plain && raised && attacker);
  assert.equal([plain.errors, raised.errors], [{}, {}]);
  // A setuid-root requester is more privileged than its caller's agent, which must not serve it.
  assert.equal([attacker.ok, attacker.errors], [0, { ENOKEY: attacker.ended }]);
});

test('an agent that must be busy before each answer delays each, however it is told', async () => {
  const delayMs = 20;
  for (const delivery of ['signal', 'fd-keyctl', 'fd-write']) {
    const words = { route: 'session', delivery, containers: ['one 1 own 0 0 0'], windows: ['window 1000 5'] };
    const text = cell({ id: 'delay', ...words }).replace(/^ *warmup/m, `  agent_delay_ns ${delayMs * 1e6}\n$&`);
    const said = await converse(machine(), `${head}${text}run\n`);
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    const [window] = said.of('window');
    assert.ok(window && window.ok === 5, delivery);
    assert.ok((window.hist.min ?? 0) >= delayMs * 1e6, `${delivery}: ${window.hist.min} ns`);
  }
});

test('an answer from the host where an agent should have given one is wrong, and from a foreign namespace', async () => {
  const words = { route: 'session', delivery: 'fd-write', fallback: 'stock', helper: 'minimal' };
  const containers = ['unserved 1 none 0 0 0', 'served 1 own 0 0 0'];
  const said = await converse(
    machine(),
    `${head}${cell({ id: 'wrong', ...words, containers, windows: ['window 1000 20'] })}run\n`,
  );
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  const [unserved, served] = said.of('window');
  assert.ok(unserved && served && unserved.ok > 0 && served.ok > 0);
  assert.equal([unserved.wrong, unserved.foreign_ns], [unserved.ok, unserved.ok]);
  assert.equal([served.wrong, served.foreign_ns], [0, 0]);
  assert.is(delta(said, 'wrong').helper_execs, delta(said, 'wrong').fallback_stock);
});

test('a malformed plan is answered by one error that names the line, before anything is touched', async () => {
  const words = { id: 'c1', ...init, containers: one, windows: ['window 9000 10'] };
  const plan = `${head}floor syscall 10\n${cell(words)}run\n`;
  const line = plan.split('\n').indexOf('window 9000 10') + 1;
  const said = await converse(machine(), plan);
  assert.equal(
    said.frames.map((frame) => frame.t),
    ['error'],
  );
  assert.is(said.of('error')[0]?.where, `plan line ${line}`);
  assert.is(said.of('error')[0]?.message, `line ${line}: '9000' is not within 1..5000`);
});

test('a runner whose input is closed in the middle of a window stops and leaves nothing behind', async () => {
  const words = { route: 'session', delivery: 'fd-write', containers: victimAndBystander };
  const windows = ['window 5000 1000000', 'window 5000 1000000', 'window 5000 1000000'];
  const plan = `${head}${cell({ id: 'long', ...init, helper: 'minimal', containers: one, windows: ['window 300 10'] })}${cell({ id: 'cut', ...words, windows })}run\n`;
  const said = await converse(machine(), plan, (frame, hangUp) => {
    if (frame.t === 'window' && frame.cell === 'cut') hangUp();
  });
  assert.is(said.last?.t, 'error');
  assert.match(said.of('error')[0]?.message ?? '', /its input was closed before the end of the plan/);
  assert.is(said.of('window').filter((window) => window.cell === 'cut').length, 2, 'the first window only');
  assert.is(await leftovers(machine()), '');
});

test('an agent, a requester or a container that dies unbidden is an error that names it, not a hang', async () => {
  const shell = machine().abilities.shell;
  assert.ok(shell);
  const words = { route: 'session', delivery: 'fd-write', containers: oneWithAgent };
  const plan = `${head}${cell({ id: 'die', ...words, windows: ['window 300 1000000', 'window 5000 1000000'] })}run\n`;
  const deaths: [string, RegExp][] = [
    ['ks-agent', /agent \d+ of container 'subject' ended by itself \(signal 9\)/],
    ['ks-hammer', /requester 0 of container 'subject' ended by itself \(signal 9\)/],
    ['ks-pod', /container 'subject' ended by itself/],
  ];
  for (const [program, message] of deaths) {
    const said = await converse(machine(), plan, async (frame) => {
      if (frame.t === 'window') await shell.run(`kill -9 $(pidof ${program})`, { timeoutMs: 20_000 });
    });
    assert.is(said.last?.t, 'error', program);
    assert.match(said.of('error')[0]?.message ?? '', message);
    assert.is(await leftovers(machine()), '', program);
  }
});

test('a killed runner leaves nothing that stops the next one', async () => {
  const shell = machine().abilities.shell;
  assert.ok(shell);
  const words = { ...init, helper: 'minimal', containers: one, windows: ['window 300 10', 'window 5000 1000000'] };
  await converse(machine(), `${head}${cell({ id: 'killed', ...words })}run\n`, async (frame) => {
    if (frame.t === 'window') await shell.run('kill -9 $(pidof ks-runner)', { timeoutMs: 20_000 });
  }).catch(() => {});
  const said = await converse(
    machine(),
    `${head}${cell({ id: 'next', ...init, containers: one, windows: ['window 1000 5'] })}run\n`,
  );
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  everyRequestIsAccountedFor(said);
  assert.is(await leftovers(machine()), '');
});

test.run();
