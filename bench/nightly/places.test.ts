// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { historyFile } from '../../results/history.ts';
import { nightlyStateFile } from '../../results/nightly-state.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { aloneIn } from '../run/alone.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { baseline, job, small } from './testing/job.ts';

const test = suite('where a night is kept and told', { timeoutMs: 170_000 });
test.after(removeTestRuns);

test('a night whose line was cut off is missed by the next, once; history add says so, too', async () => {
  const { night, nights, history } = job();
  const file = path.join(history, historyFile);
  const tear = () => truncateSync(file, readFileSync(file).length - 50);
  await night();
  tear();
  const { code, document } = await night();
  assert.equal([code, document.verdict, nights().length], [4, 'underpowered', 1]);
  assert.match(
    document.said,
    /Also: history\.ndjson ends in the middle of line \d+; .*: a night that was told may be lost\./,
  );
  tear();
  const { output, err } = capture();
  assert.is(await main(['history', 'add', document.runs.new, '--history', history], output), 0);
  assert.match(err.join('\n'), /ends in the middle of line \d+; .* a run or a reset may be lost\./);
  assert.is((await night()).code, 0);
});

test('whatever the night could not write is told before anything is measured', async () => {
  const { command, history, out, nights } = job();
  for (const file of [
    path.join(out, 'junit.xml'),
    path.join(out, 'keystorm.prom'),
    path.join(history, historyFile),
    path.join(history, nightlyStateFile),
  ]) {
    mkdirSync(file, { recursive: true });
    const { code, err } = await command(...baseline);
    rmSync(file, { recursive: true });
    assert.is(code, 2);
    assert.match(
      err,
      new RegExp(`${path.basename(file)} cannot be written \\(it is a folder\\); .* another folder\\.`),
    );
  }
  assert.not.ok(existsSync(path.join(out, 'runs')));
  assert.equal(nights(), []);
});

test('jobs of two histories have two reports; where they share one, the second is refused while the first is at work', async () => {
  const { history, out, command } = job();
  const { code, err } = await aloneIn(out, () => command(...baseline));
  assert.is(code, 2);
  assert.ok(err.includes(`is at work on ${out}`), err);
  const args = ['nightly', ...small, ...baseline, '--history', history];
  const standard = path.join(history, 'nightly', 'nightly.html');
  mkdirSync(standard, { recursive: true });
  const { output, err: said } = capture();
  assert.is(await main(args, output), 2);
  assert.ok(said.join().startsWith(`keystorm: ${standard} cannot be written`), said.join());
  assert.is(await main([...args, '--out', history], capture().output), 0, 'one folder for both');
});

test.run();
