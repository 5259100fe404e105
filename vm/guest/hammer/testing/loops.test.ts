// SPDX-License-Identifier: MIT
/** Closed loop, open loop and batches, with threads for requesters: what is made, what is entered, and when all are at home. */
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('requesters in closed and open loop', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program([
    'hammer/testing/threads.c',
    'hammer/testing/loops.c',
    'hammer/closed_loop.c',
    'hammer/open_loop.c',
    'hammer/batch.c',
    'hammer/phase.c',
  ]);
});
test.after(() => program?.remove());

interface Load {
  readonly manner: 'closed' | 'open' | 'batch';
  readonly requesters: number;
  readonly limit?: number;
  readonly ms: number;
  readonly rate?: number;
  readonly capacity?: number;
  readonly pauseUs: number;
  /** Every so many-th request fails. */
  readonly fails?: number;
}

const counts = ['started', 'ended', 'ok', 'entered', 'twice', 'early', 'beyond', 'late', 'reads', 'truncated'] as const;
type Came = Readonly<Record<(typeof counts)[number], number>>;

/** How long it took in ms, and what came of each of the two containers. */
function run(load: Load): { lastedMs: number; came: Came[] } {
  const { manner, requesters, limit = 1_000_000, ms, rate = 0, capacity = 20_000, pauseUs, fails = 0 } = load;
  const [lasted = '', ...lines] = program.lines([manner, requesters, limit, ms, rate, capacity, pauseUs, fails]);
  const came = lines.map((line) => {
    const words = line.split(' ');
    const one = Object.fromEntries(counts.map((name) => [name, Number(words[words.indexOf(name) + 1])])) as Came;
    assert.equal([one.twice, one.early, one.beyond], [0, 0, 0], 'each once, when it is due, and before the end');
    assert.is(one.ended, one.started);
    return one;
  });
  assert.is(came.length, 2);
  return { lastedMs: Number(/^lasted (\d+)$/.exec(lasted)?.[1]), came };
}

test('open loop: nothing is made before it is due, nor twice, and nobody goes home before the end', () => {
  const { lastedMs, came } = run({ manner: 'open', requesters: 4, ms: 500, rate: 100, pauseUs: 0 });
  assert.ok(lastedMs >= 500);
  for (const { started, entered, truncated } of came) {
    // A busy host may be late for the last.
    assert.ok(started > 0 && started <= 50, `${started} of 50`);
    assert.equal([entered, truncated], [started, 0]);
  }
});

test('open loop: what finds nobody free is late, and what is due and not made by the end never is', () => {
  for (const requesters of [1, 3]) {
    const { came } = run({ manner: 'open', requesters, ms: 400, rate: 5_000, pauseUs: 4_000 });
    for (const { started, entered, late } of came) {
      // A pause takes 4 ms at least.
      assert.ok(started > 0 && started <= requesters * 101, `${started} of 2000 by ${requesters}`);
      assert.is(entered, started);
      assert.ok(late >= started - 2 * requesters, `${late} of ${started} are late`);
    }
  }
});

test('open loop: a number of starts ends it for all, also for those who sleep until the next', () => {
  const { lastedMs, came } = run({ manner: 'open', requesters: 6, limit: 10, ms: 15_000, rate: 100, pauseUs: 100 });
  assert.ok(lastedMs < 15_000);
  for (const { started } of came) assert.is(started, 10);
});

test('closed loop: ends with its time, with its number, or with a full ledger, which it says', () => {
  for (const { started, entered, truncated } of run({ manner: 'closed', requesters: 3, ms: 200, pauseUs: 500 }).came) {
    assert.ok(started > 0);
    assert.equal([entered, truncated], [started, 0]);
  }
  const numbered = run({ manner: 'closed', requesters: 3, limit: 30, ms: 15_000, pauseUs: 500 });
  assert.ok(numbered.lastedMs < 15_000);
  for (const { ended } of numbered.came) assert.ok(ended >= 30);
  const full = run({ manner: 'closed', requesters: 3, ms: 15_000, capacity: 42, pauseUs: 100 });
  assert.ok(full.lastedMs < 15_000);
  for (const { started, entered, truncated } of full.came) assert.equal([started, entered, truncated], [42, 42, 1]);
});

test('batches: only failures are entered, and none is made that could not be', () => {
  for (const one of run({ manner: 'batch', requesters: 3, ms: 200, pauseUs: 200, fails: 3 }).came) {
    assert.ok(one.ok > 0 && one.entered > 0);
    assert.equal([one.ok + one.entered, one.truncated], [one.ended, 0]);
  }
  const full = run({ manner: 'batch', requesters: 3, ms: 15_000, capacity: 42, pauseUs: 100, fails: 3 });
  assert.ok(full.lastedMs < 15_000, 'all went home');
  for (const one of full.came) assert.equal([one.ok + one.entered, one.entered, one.truncated], [one.ended, 42, 1]);
});

test('batches: the clock is read before and after each thousand, and what is begun of one', () => {
  for (const limit of [10, 1000, 1500])
    for (const one of run({ manner: 'batch', requesters: 1, limit, ms: 15_000, pauseUs: 0 }).came)
      assert.ok(one.started >= limit && one.reads === 2 * Math.ceil(one.started / 1000), JSON.stringify(one));
});

test.run();
