// SPDX-License-Identifier: MIT
/** Whose agent answers: one that containers share, or each its own. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('shared and own agents, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const head = 'keystorm-plan 4\nboot 0\n';
const deliveries = ['fd-write', 'signal'];
const eight = Array.from({ length: 8 }, (_, i) => `c${i} 1 shared 0 0 0`);

/** All rows of samples of one container. */
function rowsOf(said: Conversation, container: string) {
  return said.of('samples').flatMap((part) => (part.container === container ? part.rows : []));
}

/** Ids of the agents that gave a container's answers. */
function answerersOf(said: Conversation, container: string): number[] {
  const ok = rowsOf(said, container).filter((row) => row[2] === 0);
  return [...new Set(ok.map((row) => row[3]))];
}

function delta(said: Conversation, name: string): number | undefined {
  return said.of('counters')[0]?.delta[name];
}

test('one shared agent answers every request of eight containers, from the init namespaces', async () => {
  for (const delivery of deliveries) {
    const words = { id: 'shared', route: 'session', delivery, containers: eight, windows: ['window 5000 15 samples'] };
    const said = await converse(machine(), `${head}${cell(words)}run\n`);
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    const [agent, ...more] = said.of('agent');
    assert.ok(agent && more.length === 0, `${delivery}: one agent`);
    assert.equal([agent.container, agent.restart, agent.delivery], [null, false, delivery]);
    assert.equal(agent.ns, said.of('hello')[0]?.init_ns, delivery);
    const windows = said.of('window');
    assert.is(windows.length, 8);
    for (const window of windows) {
      const where = `${delivery} ${window.container}`;
      assert.ok(window.ok > 0, where);
      assert.equal([window.errors, window.wrong, window.ok], [{}, 0, window.started], where);
      assert.is(window.foreign_ns, window.ok, `${where}: the agent is in another user namespace`);
      assert.equal(answerersOf(said, window.container), [agent.agent], where);
    }
    const counters = said.of('counters')[0];
    assert.is(delta(said, `notified_${delivery.replaceAll('-', '_')}`), counters?.upcalls_ok, delivery);
    assert.equal(
      [counters?.upcalls_failed, delta(said, 'helper_execs'), delta(said, 'ineligible')],
      [0, 0, 0],
      delivery,
    );
    assert.is(said.of('keys')[0]?.under_construction, 0);
    assert.is(said.of('unload')[0]?.ok, true);
    assert.is(await leftovers(machine()), '', delivery);
  }
});

test('own, shared and no agent side by side: each container is answered by its own agent, or nobody', async () => {
  const containers = [
    'own-a 2 own 0 0 0',
    'shared-a 1 shared 0 0 0',
    'own-b 2 own 0 0 0',
    'shared-b 2 shared 0 1000 0',
    'none 1 none 0 0 0',
  ];
  for (const delivery of deliveries) {
    const words = { id: 'mixed', route: 'session', delivery, containers, windows: ['window 2500 100000 samples'] };
    const said = await converse(machine(), `${head}${cell(words)}run\n`);
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    const ids = new Map(said.of('agent').map((agent) => [agent.container, agent.agent]));
    assert.equal([...ids.keys()].sort(), [null, 'own-a', 'own-b'].sort(), delivery);
    assert.is(new Set(ids.values()).size, 3, 'ids are unique');
    for (const window of said.of('window')) {
      const where = `${delivery} ${window.container}`;
      const expected = window.container === 'none' ? [] : [ids.get(window.container) ?? ids.get(null)];
      assert.equal(answerersOf(said, window.container), expected, where);
      assert.is(window.wrong, 0, where);
      assert.is(window.foreign_ns, window.container.startsWith('shared') ? window.ok : 0, where);
      assert.equal(window.errors, window.container === 'none' ? { ENOKEY: window.ended } : {}, where);
      assert.ok(window.ended > 0, where);
    }
    assert.is(delta(said, 'helper_execs'), 0, delivery);
  }
});

test('once the containers have it, nobody else may link the shared key, and its holders may not change it', async () => {
  const words = { id: 'closed', route: 'session', delivery: 'fd-write', containers: eight.slice(0, 2) };
  // Little load, and time enough for a busy host: the key is looked at while the containers use it.
  const plan = `${head}${cell({ ...words, windows: Array(5).fill('window 5000 100000 rate 5') })}run\n`;
  const stranger = 'setpriv --reuid 4711 --regid 4711 --clear-groups keyctl session - keyctl link 0x$serial @s 2>&1';
  let seen = '';
  const said = await converse(machine(), plan, async (frame, hangUp) => {
    if (frame.t !== 'window' || seen !== '') return;
    const look = `set -- $(awk '$8 == "keyagent" { print $1, $5 }' /proc/keys); serial=$1; echo "$# $2"`;
    const root = `keyctl add user mine x 0x$(awk '$9 == "ks-closed-c0:" { print $1 }' /proc/keys) 2>&1`;
    seen = await sh(machine(), `${look}; ${stranger}; ${root}; true`);
    hangUp();
  });
  assert.match(said.of('error')[0]?.message ?? '', /its input was closed/);
  // One key. Possessor: view, search. Owner: view, write, set attributes. Group and others: nothing.
  assert.match(seen, /^2 09250000$/m);
  assert.match(seen, /^keyctl_link: Permission denied$/m);
  // Why the container's init has to link it.
  assert.match(seen, /^add_key: Permission denied$/m);
});

test('a killed shared agent fails all its containers, and its successor serves all without a new link', async () => {
  for (const delivery of deliveries) {
    const containers = ['a 1 shared 0 0 0', 'b 1 shared 0 0 0', 'own 1 own 0 0 0'];
    const windows = ['window 2500 100000 samples\nfault kill-answerer a at_ms 700 until_ms 1200'];
    const said = await converse(
      machine(),
      `${head}${cell({ id: 'kill', route: 'session', delivery, containers, windows })}run\n`,
    );
    assert.is(said.last?.t, 'done', JSON.stringify(said.last));
    const agents = said.of('agent').filter((agent) => agent.container === null);
    assert.equal(
      agents.map((agent) => agent.restart),
      [false, true],
    );
    const [inject, clear] = said.of('fault');
    assert.ok(inject && clear);
    assert.equal([inject.hits, inject.pid, clear.pid], [1, agents[0]?.pid, agents[1]?.pid], delivery);
    const ids = agents.map((agent) => agent.agent);
    for (const window of said.of('window')) {
      const where = `${delivery} ${window.container}`;
      assert.is(window.wrong, 0, where);
      if (window.container === 'own') assert.equal(window.errors, {}, where);
      else {
        assert.ok((window.errors.ENOKEY ?? 0) > 0, where);
        assert.equal(answerersOf(said, window.container), ids, `${where}: first one, then the other`);
      }
    }
    assert.is(delta(said, 'helper_execs'), 0, delivery);
  }
});

test('a shared agent that dies unbidden is an error that names it, and a runner that is stopped leaves none', async () => {
  const words = { id: 'end', route: 'session', delivery: 'signal', containers: eight.slice(0, 2) };
  const plan = `${head}${cell({ ...words, windows: ['window 300 1000000', 'window 5000 1000000'] })}run\n`;
  const died = await converse(machine(), plan, async (frame) => {
    if (frame.t === 'window' && frame.container === 'c1') await sh(machine(), 'kill -9 $(pidof ks-agent)');
  });
  assert.match(died.of('error')[0]?.message ?? '', /agent \d+, which containers share, ended by itself \(signal 9\)/);
  assert.is(await leftovers(machine()), '');
  const stopped = await converse(machine(), plan, (frame, hangUp) => {
    if (frame.t === 'window') hangUp();
  });
  assert.match(stopped.of('error')[0]?.message ?? '', /its input was closed/);
  assert.is(await leftovers(machine()), '');
});

test.run();
