// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { ofHistoryKind, readHistory } from '../../results/history-reader.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { baseline, job } from './testing/job.ts';

const test = suite('nightly by counted instructions', { timeoutMs: 170_000 });
test.after(removeTestRuns);

test('nights that count instructions tell 1% from nothing, and the same guest from none; a history has one clock', async () => {
  const { night, command, nights, history } = job();
  const counting = ['--clock', 'icount', '--seed', '1', '--boots', '9', '--alpha', '0.005'];
  for (let i = 0; i < 2; i++) {
    const { code, document } = await night(...counting);
    assert.equal([code, document.verdict, document.alerts], [0, 'unchanged', []]);
  }
  const longer = await night(...counting, '--new', 'kernel=6.1,instructions=1600');
  assert.equal([longer.code, longer.document.verdict], [1, 'regressed']);
  assert.match(longer.document.said, /First: upcall\.instructions\.typical of .* 1\.010\d×/);
  const [, , third] = nights();
  const names = ofHistoryKind(readHistory(history), 'series').map(({ name }) => name);
  assert.ok(names.includes('upcall.instructions.mean'), names.join());
  assert.not.ok(names.some((name) => name.startsWith('upcall.latency') || name === 'upcall.instructions.typical'));
  assert.is(third?.conditions.layouts, '9 of seed 1');
  assert.is(third?.conditions.processors, undefined);
  const { code, err } = await command(...baseline);
  assert.is(code, 2);
  assert.match(err, /The last night in .* measured instructions, this one measures times: .* with --history/);
  const byTime = job();
  await byTime.night();
  const other = await byTime.command(...baseline, ...counting);
  assert.equal([other.code, byTime.nights().length], [2, 1], other.err);
});

test.run();
