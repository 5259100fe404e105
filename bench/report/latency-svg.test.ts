// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { latencySvg } from './latency-svg.ts';

const test = suite('the picture of a run', { timeoutMs: 20_000 });
test.after(removeTestRuns);

/** Horizontal positions of the markers, by row. */
function dots(svg: string): number[] {
  return [...svg.matchAll(/<path class="s\d (?:mark|hollow)" transform="translate\(([\d.]+) /g)].map(([, x]) =>
    Number(x),
  );
}

const mechanisms = ['stock', 'stock-minimal', 'keyagent-signal', 'keyagent-fd'];

test('a row a mechanism and a floor, farther right the slower it is', async () => {
  const { judged } = await testRun({ plan: { mechanisms, scenarios: ['latency'] } });
  const svg = latencySvg(judged.metrics, 'fake & <made up>') ?? '';
  const names = [...svg.matchAll(/<text class="name onpage"[^>]*>([^<]+)</g)].map(([, name]) => name);
  assert.equal(names, [...mechanisms, 'null-actor + eventfd', 'null-actor']);
  const xs = dots(svg);
  assert.is(xs.length, names.length);
  assert.equal(
    xs,
    [...xs].sort((a, b) => b - a),
  );
  assert.ok(svg.includes('fake &#38; &#60;made up&#62;'));
});

test('without latencies there is nothing to draw', async () => {
  const { judged } = await testRun({ plan: { mechanisms: [], scenarios: ['setuid-attack'] } });
  assert.is(latencySvg(judged.metrics, ''), null);
});

test.run();
