// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { historyFile } from '../../results/history.ts';
import { readOpenAlerts } from '../../results/nightly-state.ts';
import { startProgram } from '../commands/testing/started.ts';
import { canRead, casesSchema, read } from '../export/testing/read-back.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { nightlyDocumentSchema } from './document.ts';

const test = suite('nightly as a process', { timeoutMs: 120_000 });
test.after(removeTestRuns);

const work = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '7'];

/** Starts one on the fake machine with a script of what goes wrong. */
function start(dir: string, script: string, ...args: string[]) {
  const places = ['--history', path.join(dir, 'history'), '--out', path.join(dir, 'out')];
  const command = ['bench/cli.ts', 'nightly', '--baseline', 'kernel=6.1', ...work, ...places, ...args];
  return startProgram([process.execPath, '--import', 'tsx', ...command], script);
}

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends the night with ${expected}: history, alerts and what others are at stay as they were`, async () => {
    const dir = testFolder();
    const first = await start(dir, '', '--new', 'kernel=6.1,delay=20000', '--json').ended;
    assert.is(first.code, 1, first.err);
    const history = readFileSync(path.join(dir, 'history', historyFile));
    const open = readOpenAlerts(path.join(dir, 'history'));
    assert.is(open.length, 3);

    const { child, says, ended } = start(dir, 'freeze@0.1');
    await says(/cell 2\/2/);
    const second = await start(dir, '').ended;
    assert.is(second.code, 2);
    assert.match(
      second.err,
      new RegExp(`Another keystorm \\(pid ${child.pid} on .*\\) is at work on .*/history: wait for it`),
    );

    child.kill(signal);
    const { code, out, err } = await ended;
    assert.equal([code, out], [expected, ''], err);
    assert.match(err, /interrupted: nothing was appended to the history, and no alert told/);
    assert.ok(readFileSync(path.join(dir, 'history', historyFile)).equals(history));
    assert.equal(readOpenAlerts(path.join(dir, 'history')), open);
    assert.not.ok(existsSync(path.join(dir, 'out', 'nightly.html')), 'an old page is not taken for a new one');
  });
}

test('junit.xml and nightly.json as others read them, after a night with a regression', async () => {
  const dir = testFolder();
  const { code, out, err } = await start(dir, '', '--new', 'kernel=6.1,delay=20000', '--json').ended;
  assert.is(code, 1, err);
  assert.is(out.trimEnd().split('\n').length, 1, 'one document and nothing else');
  const { alerts } = nightlyDocumentSchema.parse(JSON.parse(out));
  if (!canRead('xml')) return;
  const [cases = []] = read('xml', [readFileSync(path.join(dir, 'out', 'junit.xml'), 'utf8')], casesSchema);
  const nightly = cases.filter(({ suite: of }) => of === 'nightly');
  assert.equal(
    nightly.map(({ name }) => name),
    ['as a whole', ...alerts.map(({ id }) => id)],
  );
  for (const alert of alerts) {
    const found = nightly.find(({ name }) => name === alert.id);
    assert.is(found?.message, `RAISED: ${alert.what}`);
  }
});

test.run();
