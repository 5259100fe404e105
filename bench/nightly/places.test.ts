// SPDX-License-Identifier: MIT
import { readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { historyFile } from '../../results/history.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { job } from './testing/job.ts';

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

test.run();
