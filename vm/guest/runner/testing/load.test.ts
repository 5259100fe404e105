// SPDX-License-Identifier: MIT
/** What requesters and runner agree on about load: when starts are due, and which requests are hits. */
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Parts } from './parts.ts';

const test = suite('the load of the guest', { timeoutMs: 70_000 });

let parts: Parts;
test.before(() => {
  parts = new Parts();
});
test.after(() => parts?.remove());

test('a window has the starts that are due before its end, k of them after k / rate seconds', () => {
  const ask = (ms: number, rate: number, starts: readonly number[]) =>
    parts
      .ask(['arrivals', String(ms), String(rate)], `${starts.join('\n')}\n`)
      .trim()
      .split('\n')
      .map(Number);
  const any = { ms: fc.integer({ min: 1, max: 5000 }), rate: fc.integer({ min: 1, max: 100_000 }) };
  const start = fc.integer({ min: 0, max: 500_000 });
  fc.assert(
    fc.property(any.ms, any.rate, fc.array(start, { minLength: 1, maxLength: 20 }), (ms, rate, starts) => {
      const [count = -1] = ask(ms, rate, [0]);
      const all = [...starts, count - 1, count];
      const dues = ask(ms, rate, all).slice(1);
      assert.equal(
        dues,
        all.map((k) => Math.floor((k * 1e9) / rate)),
      );
      assert.ok((dues.at(-2) ?? Infinity) < ms * 1e6, 'the last is due inside');
      assert.ok((dues.at(-1) ?? 0) >= ms * 1e6, 'and the next is not');
    }),
    {
      numRuns: 60,
      examples: [
        [5000, 100_000, [0]],
        [1, 1, [0]],
        [1000, 3, [0]],
      ],
    },
  );
});

test('hits are as many of a hundred as asked for, and as evenly spread as can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), (percent) => {
      const hits = [...parts.ask(['spread', String(percent), '1000']).trim()].map(Number);
      assert.is(hits.length, 1000);
      let soFar = 0;
      for (const [i, hit] of hits.entries()) {
        soFar += hit;
        assert.is(soFar, Math.floor(((i + 1) * percent) / 100), `after ${i + 1} requests`);
      }
    }),
    { numRuns: 40 },
  );
});

test.run();
