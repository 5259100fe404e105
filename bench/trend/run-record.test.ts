// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { type RunBody, recordsOfRun } from './run-record.ts';

const test = suite('the record of a run in a history', { timeoutMs: 60_000 });
test.after(removeTestRuns);

test('what was made different on purpose is part of what is followed', async () => {
  const own = async (plan: object) => {
    const body = recordsOfRun((await testRun({ plan })).judged.run, []).find(({ kind }) => kind === 'run') as RunBody;
    const { kernel: _, 'kernel configuration': __, module: ___, image: ____, ...rest } = body.subject;
    return rest;
  };
  assert.equal(await own({}), {});
  assert.equal(await own({ agentDelayNs: 20_000 }), { 'agent delay in ns': '20000' });
  assert.equal(await own({ pathInstructions: 700, arrangement: 1 }), {
    arrangement: '1',
    'instructions in vain': '700',
  });
});

test.run();
