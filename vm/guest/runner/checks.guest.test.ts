// SPDX-License-Identifier: MIT
/** Checks over the real runner: that they can be held and violated, and that a broken one is unknown and leaves nothing. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { type Conversation, checks, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('checks, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const head = 'keystorm-plan 4\nboot 0\n';
const stock = { route: 'init', delivery: 'helper', fallback: 'stock' };

/** property → outcome of one block; the reason, too, of what is unknown. */
function outcomesOf(said: Conversation, id: string): Record<string, string> {
  const frames = said.of('check').filter((frame) => frame.cell === id);
  const word = (outcome: string, evidence: string) => (outcome === 'unknown' ? `unknown: ${evidence}` : outcome);
  return Object.fromEntries(frames.map((frame) => [frame.property, word(frame.outcome, frame.evidence)]));
}

test("today's kernel violates what an agent's mechanism holds", async () => {
  const both = ['killable-requester', 'agent-in-container'];
  const plan = [
    checks({ id: 'stock', ...stock, checks: [...both, 'fallbacks'] }),
    checks({ id: 'agents', route: 'userns', delivery: 'fd-write', checks: [...both, 'fallbacks'] }),
  ];
  const said = await converse(machine(), `${head}${plan.join('')}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  const expected = ['killable-requester', 'answered-from-container', 'answerer-is-the-containers-own'];
  const beside = ['other-signals-end-no-wait', 'killed-requester-leaves-no-key'];
  assert.equal(outcomesOf(said, 'stock'), {
    ...Object.fromEntries(expected.map((name) => [name, 'violated'])),
    ...Object.fromEntries(beside.map((name) => [name, 'held'])),
    'late-answer-is-busy': 'not-applicable',
    'fallback-stock': 'not-applicable',
    'fallback-refuse': 'not-applicable',
  });
  assert.equal(outcomesOf(said, 'agents'), {
    ...Object.fromEntries([...expected, ...beside, 'late-answer-is-busy'].map((name) => [name, 'held'])),
    'fallback-stock': 'held',
    'fallback-refuse': 'held',
  });
  for (const frame of said.of('check')) assert.ok(frame.evidence.length > 20, `${frame.property}: ${frame.evidence}`);
  const counters = said.of('counters').find((frame) => frame.cell === 'agents');
  assert.equal(
    [counters?.delta.notified_fd_write, counters?.delta.fallback_refused],
    [5, 1],
    'over all checks of the block',
  );
  const faults = said.of('check-fault').filter((frame) => frame.cell === 'agents');
  assert.equal(
    faults.map(({ fault, hits, gone }) => [fault, hits, gone]),
    [
      ['answerer-hangs', 2, true],
      ['requester-killed', 1, true],
      ['no-agent', 2, true],
    ],
  );
  assert.is(said.of('keys').length, 2);
  assert.is(await leftovers(machine()), '');
});

test('the RFC as posted lets a dead agent escape to the host, and its requester wait', async () => {
  const block = checks({
    id: 'rfc',
    route: 'session-rfc',
    delivery: 'signal',
    fallback: 'stock',
    checks: ['agent-crash-refuses', 'own-agent-isolation', 'bounding-set'],
  });
  const said = await converse(machine(), `${head}${block}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  assert.equal(outcomesOf(said, 'rfc'), {
    'dead-agent-never-escapes': 'violated',
    'withdrawn-falls-back': 'not-applicable',
    'crash-ends-request': 'violated',
    'crashed-key-is-served': 'violated',
    'own-agent-answers-own': 'held',
    'own-agent-never-serves-other': 'violated',
    'bounding-set-inherited': 'held',
    'bounding-set-only-shrinks': 'held',
    'bounding-set-of-answerer': 'held',
    'bounding-set-limits-service': 'violated',
  });
});

test('a check that cannot decide is unknown, with the reason, and the next one is not disturbed', async () => {
  const plan = checks({ id: 'odd', ...stock, checks: ['no-such-check', 'killable-requester'] });
  const said = await converse(machine(), `${head}${plan}run\n`);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  const odd = outcomesOf(said, 'odd');
  assert.is(odd['killable-requester'], 'violated');
  const reason = /^unknown: the check could not decide \(status 2\): ks-check: there is no check no-such-check/;
  assert.match(odd['no-such-check'] ?? '', reason);
});

test('with the wrong route in the module a check says violated: it believes the kernel alone', async () => {
  const set = (mode: string) => `echo ${mode} >/sys/module/keystorm/parameters/mode`;
  const words = '--route session --delivery fd-write --fallback refuse --timeout-ms 5000';
  const said = await sh(
    machine(),
    `insmod /keystorm/keystorm.ko; ${set('userns')}; cd /; for check in own-agent-isolation linking-grants fallbacks; do
      timeout 60 /keystorm/ks-check $check ${words}; done
     i=0; until rmmod keystorm 2>/dev/null || [ $i -ge 50 ]; do i=$((i + 1)); sleep 0.1; done`,
  );
  const outcomes = Object.fromEntries(said.split('\n').map((line) => line.split(' ').slice(1, 3)));
  assert.is(outcomes['own-agent-answers-own'], 'violated', said);
  assert.is(outcomes['linking-grants-service'], 'violated', said);
  assert.is(outcomes['fallback-refuse'], 'held', 'which does not depend on the route');
});

test('a runner that is told to stop in the middle of a check leaves no process, module or helper of it', async () => {
  // The shell that looks may be slow: it is enough if it sees one of them.
  const plan = [1, 2, 3, 4, 5, 6]
    .map((i) => checks({ id: `cut-${i}`, ...stock, checks: ['killable-requester'] }))
    .join('');
  const stopped = converse(machine(), `${head}${plan}run\n`, async (frame, hangUp) => {
    if (frame.t !== 'hello') return;
    // A hanging helper is there: so are the requester that nobody can kill, and the symbolic link.
    await sh(
      machine(),
      'for i in $(seq 100); do [ -L /sbin/request-key ] && pidof request-key && break; sleep 0.1; done; true',
    );
    hangUp();
  });
  assert.match((await stopped).of('error')[0]?.message ?? '', /its input was closed/);
  assert.is(await leftovers(machine()), '');
});

test.run();
