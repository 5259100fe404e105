// SPDX-License-Identifier: MIT
/** Every route with every delivery over the real runner: who answers, what is left behind, and where the time went. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf } from './testing/guest.ts';

const test = suite('routes and deliveries, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const head = 'keystorm-plan 4\nboot 0\n';
const windows = ['window 5000 30', 'window 5000 30 stages', 'window 5000 15 stages rate 20'];
const deliveries = ['signal', 'fd-keyctl', 'fd-write'];
const agentRoutes = [...['session', 'userns', 'intercept'].flatMap((route) => deliveries.map((each) => [route, each]))];

const through = ['enter', 'route', 'wake', 'assume', 'prepare', 'instantiate', 'return'];
const besides = ['spawn', 'prepare', 'finish'];

function deltaOf(said: Conversation, id: string): Readonly<Record<string, number>> {
  const counters = said.of('counters').find((frame) => frame.cell === id);
  assert.ok(counters, `counters of ${id}`);
  return { ...counters.delta, asked: counters.upcalls_ok + counters.upcalls_failed };
}

/** Every stages frame of a cell holds all its window's requests, and their parts make up their latencies to the nanosecond. */
function nothingIsUnaccountedFor(said: Conversation, id: string, parts: readonly string[]): void {
  const frames = said.of('stages').filter((frame) => frame.cell === id);
  assert.is(frames.length, 2, `${id}: one for each window that asks for stages`);
  for (const frame of frames) {
    const where = `${id}/${frame.index}`;
    const window = said.of('window').find((each) => each.cell === id && each.index === frame.index);
    assert.ok(window, where);
    assert.equal([frame.requests, frame.unjoined, frame.lost], [window.ok, 0, 0], where);
    const names = frame.parts.map(({ name }) => name);
    assert.equal(
      names.filter((name) => name !== 'held'),
      parts,
      where,
    );
    assert.is(names.includes('held'), window.arrivals !== undefined, where);
    for (const { name, hist } of frame.parts)
      if (name !== 'held') assert.is(hist.count, frame.requests, `${where} ${name}`);
    const sum = frame.parts.reduce((total, { hist }) => total + hist.sum, 0);
    assert.is(sum, window.hist.sum, where);
  }
}

test('an agent of its own answers each container, on every route and by every delivery', async () => {
  const cells = agentRoutes.map(([route = '', delivery = '']) =>
    cell({ id: `${route}-${delivery}`, route, delivery, containers: ['a 1 own 0 0 0', 'b 1 own 0 1000 0'], windows }),
  );
  const said = await converse(machine(), `${head}${cells.join('')}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  for (const window of said.of('window')) {
    const where = `${window.cell}/${window.index}/${window.container}`;
    assert.ok(window.ok > 0, where);
    assert.equal([window.errors, window.wrong, window.foreign_ns, window.open], [{}, 0, 0, 0], where);
  }
  for (const [route, delivery = ''] of agentRoutes) {
    const id = `${route}-${delivery}`;
    const counted = deltaOf(said, id);
    assert.is(counted[`notified_${delivery.replace('-', '_')}`], counted.asked, id);
    assert.equal([counted.helper_execs, counted.in_flight], [0, 0], id);
    const parts = delivery === 'fd-write' ? through.filter((name) => name !== 'assume') : through;
    for (const container of ['a', 'b']) nothingIsUnaccountedFor({ ...said, of: only(said, container) }, id, parts);
  }
  assert.is(await leftovers(machine()), '');
});

/** The frames of a conversation that are about one container. */
function only(said: Conversation, container: string): Conversation['of'] {
  return (type) => said.of(type).filter((frame) => !('container' in frame) || frame.container === container);
}

test('helpers and the RFC have stages without the module, and nsenter answers from where the requester is', async () => {
  const one = ['a 1 none 0 0 0'];
  const plan = [
    cell({ id: 'stock', route: 'init', delivery: 'helper', fallback: 'stock', containers: one, windows }),
    cell({
      id: 'nsenter',
      route: 'nsenter',
      delivery: 'helper',
      helper: 'nsenter',
      fallback: 'stock',
      containers: one,
      windows,
    }),
    cell({
      id: 'rfc',
      route: 'session-rfc',
      delivery: 'signal',
      fallback: 'stock',
      containers: ['a 1 own 0 0 0'],
      windows,
    }),
  ];
  const said = await converse(machine(), `${head}${plan.join('')}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  for (const window of said.of('window')) {
    const where = `${window.cell}/${window.index}`;
    assert.equal([window.errors, window.wrong, window.open], [{}, 0, 0], where);
    assert.is(window.foreign_ns, window.cell === 'stock' ? window.ok : 0, where);
  }
  nothingIsUnaccountedFor(said, 'stock', besides);
  nothingIsUnaccountedFor(said, 'nsenter', besides);
  nothingIsUnaccountedFor(said, 'rfc', ['spawn', 'assume', 'prepare', 'finish']);
  for (const id of ['stock', 'nsenter']) assert.is(deltaOf(said, id).helper_execs, deltaOf(said, id).asked, id);
  assert.is(deltaOf(said, 'rfc').helper_execs, 0);
  assert.is(await leftovers(machine()), '');
});

test('a shared agent serves by its registration alone, which does not outlive its cell', async () => {
  const few = ['window 5000 20'];
  for (const route of ['userns', 'intercept']) {
    const containers = ['a 1 shared 0 0 0', 'b 1 shared 0 0 0'];
    const plan = [
      cell({ id: 'shared', route, delivery: 'fd-write', containers, windows: few }),
      cell({ id: 'nobody', route, delivery: 'fd-write', containers: ['a 1 none 0 0 0'], windows: few }),
    ];
    const said = await converse(machine(), `${head}${plan.join('')}run\n`);
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    assert.equal(
      said.of('agent').map((agent) => [agent.container, agent.ns.user]),
      [[null, said.of('hello')[0]?.init_ns.user]],
      route,
    );
    for (const window of said.of('window')) {
      const where = `${route} ${window.cell}/${window.container}`;
      assert.is(window.wrong, 0, where);
      assert.equal(window.errors, window.cell === 'nobody' ? { ENOKEY: window.ended } : {}, where);
    }
    assert.is(
      deltaOf(said, 'nobody').dead,
      0,
      `${route}: refused because nobody is registered, not because somebody died`,
    );
    assert.ok((deltaOf(said, 'nobody').fallback_refused ?? 0) > 0, route);
  }
});

test('a requester is served from any depth of user namespaces below its container', async () => {
  const containers = ['flat 1 own 0 0 0 0', 'one 1 own 0 0 0 1', 'deepest 1 own 0 0 0 32'];
  for (const route of ['session', 'userns']) {
    const said = await converse(
      machine(),
      `${head}${cell({ id: 'deep', route, delivery: 'fd-write', containers, windows: ['window 5000 20'] })}run\n`,
    );
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    for (const window of said.of('window'))
      assert.equal([window.errors, window.wrong, window.foreign_ns], [{}, 0, 0], `${route} ${window.container}`);
    assert.is(said.of('window').length, 3);
  }
});

test('a killed agent fails its requests, and its successor takes over the registration', async () => {
  for (const [route, delivery] of [
    ['userns', 'signal'],
    ['intercept', 'fd-keyctl'],
  ] as const) {
    const containers = ['a 1 own 0 0 0', 'b 1 own 0 0 0'];
    const faulty = ['window 2500 100000 samples\nfault kill-answerer a at_ms 700 until_ms 1200', 'window 5000 10'];
    const said = await converse(
      machine(),
      `${head}${cell({ id: 'kill', route, delivery, containers, windows: faulty })}run\n`,
    );
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    for (const window of said.of('window')) {
      const where = `${route} ${window.index}/${window.container}`;
      const fails = window.index === 0 && window.container === 'a';
      assert.is((window.errors.ENOKEY ?? 0) > 0, fails, where);
      assert.ok(window.ok > 0, where);
      assert.is(window.wrong, 0, where);
    }
    assert.is(deltaOf(said, 'kill').helper_execs, 0, route);
  }
});

test.run();
