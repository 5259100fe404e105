// SPDX-License-Identifier: MIT
/** The meeting of a storm's requesters between rounds, with threads for requesters: nobody is left waiting, nobody runs ahead. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('storms of requesters', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program(['hammer/testing/threads.c', 'hammer/testing/storm.c', 'hammer/storm.c', 'hammer/phase.c']);
});
test.after(() => program?.remove());

interface Came {
  readonly rounds: number;
  readonly ended: number;
  readonly truncated: number;
}

/** What came of each of the two containers. Fails if a requester is not home in time, or began before its round. */
function run(kind: 'warmup' | 'window', requesters: number, limit: number, ms: number, capacity = 100_000): Came[] {
  return program.lines([kind, requesters, limit, ms, capacity]).map((line) => {
    const form = /^rounds (\d+) ended (\d+) truncated ([01]) overlaps (\d+) absences (\d+)$/;
    const [rounds = -1, ended = -1, truncated = -1, overlaps, absences] = (form.exec(line) ?? []).slice(1).map(Number);
    assert.is(overlaps, 0, 'all requests of a round end before the next begins');
    assert.is(absences, 0, 'every requester takes part in every round');
    return { rounds, ended, truncated };
  });
}

test('a warm-up has as many rounds as it should', () => {
  for (const requesters of [1, 2, 7])
    for (const { rounds } of run('warmup', requesters, 50, 15_000)) assert.is(rounds, 50, `${requesters} requesters`);
});

test('a window ends when both containers have ended enough, and between rounds', () => {
  const came = run('window', 5, 203, 15_000);
  for (const { rounds, ended } of came) {
    assert.is(ended, rounds * 5);
    assert.ok(ended >= 203, `${ended} have ended`);
  }
  // 41 rounds make 205: one container at least stops there, the other when it learns of it.
  assert.is(Math.min(...came.map(({ rounds }) => rounds)), 41);
});

test('a window ends with its time', () => {
  for (const { rounds, ended, truncated } of run('window', 8, 1_000_000, 200)) {
    assert.ok(rounds > 0);
    assert.equal([ended, truncated], [rounds * 8, 0]);
  }
});

test('a ledger without room for a whole round more ends the storm, and says so', () => {
  for (const came of run('window', 4, 1_000_000, 15_000, 42))
    assert.equal(came, { rounds: 10, ended: 40, truncated: 1 });
});

test('behind a gate there are rounds only while it is open, and a window lasts as long as it may', () => {
  const ms = 600;
  const said = program.lines(['gate', 4, 8, ms, 100_000]);
  const rounds = said.slice(0, 2).map((line) => Number(/^rounds (\d+) /.exec(line)?.[1]));
  assert.ok((rounds[0] ?? 0) > 2, 'more than a window without a gate would have had');
  assert.is(rounds[1], 0);
  const [, outside, over] = /^outside (\d+) over (\d+)$/.exec(said[2] ?? '') ?? [];
  assert.is(outside, '0');
  assert.ok(Number(over) >= ms, `${over} ms`);
});

test.run();
