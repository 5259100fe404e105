// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Fate } from './fate.ts';
import { oomKillLine, panicLine, typedConsole } from './testing/typed-console.ts';

const test = suite('fate of a guest in QEMU');

const ready = 'keystorm: ready';
const exit = { code: 0, signal: null, survived: false, stderr: '' };

function guest(...lines: string[]) {
  const { console, say } = typedConsole();
  const fate = new Fate(console);
  say(...lines);
  return { fate, say };
}

const shutdown = (reason: string) => ({ event: 'SHUTDOWN', data: { reason } });

test('what its monitor said of its end decides, and only that', () => {
  const endings = [
    ['guest-shutdown', undefined],
    ['guest-reset', 'guest-panic'],
    ['guest-panic', 'guest-panic'],
    ['host-qmp-quit', 'harness-fault'],
    ['constructor', 'harness-fault'],
  ] as const;
  for (const [reason, kind] of endings) {
    const { fate } = guest(ready);
    fate.heed({ event: 'RESUME', data: { reason: 'guest-reset' } });
    fate.heed(shutdown(reason));
    assert.is(fate.exit(exit).failure?.kind, kind, reason);
  }
});

test('QEMU’s own words are in the failure when it ended by itself or was killed', () => {
  const killed = guest().fate.exit({ ...exit, code: null, signal: 'SIGKILL' }).failure;
  assert.equal([killed?.kind, killed?.message], ['harness-fault', 'The guest is gone: QEMU was killed by SIGKILL.']);
  const ended = guest().fate.exit({ ...exit, code: 1, stderr: 'no such device' }).failure;
  assert.is(ended?.message, 'The guest is gone: QEMU ended with status 1 no such device.');
});

test('one that is to end has not failed, unless it died before', () => {
  const { fate } = guest();
  fate.isToEnd();
  assert.is(fate.exit(exit).failure, null);
  const dead = guest(panicLine).fate;
  dead.isToEnd();
  assert.is(dead.exit(exit).failure?.kind, 'guest-panic');
});

test('one that does not end though killed is a failure of the harness, also if it was to end', () => {
  const { fate } = guest('last words');
  fate.isToEnd();
  const { failure, consoleTail } = fate.exit({ ...exit, survived: true, stderr: 'it does not end' });
  assert.equal([failure?.kind, failure?.message], ['harness-fault', 'QEMU: it does not end.']);
  assert.equal(consoleTail, ['last words']);
});

test('its first complaint is why it could not come up; once it was up, why it was lost', () => {
  const { fate, say } = guest('keystorm: failed there is no network device', 'keystorm: failed later');
  fate.heed(shutdown('guest-shutdown'));
  const { failure } = fate.exit(exit);
  assert.equal([failure?.kind, failure?.message.includes('there is no network device')], ['boot-failure', true]);
  assert.is(fate.isUp, false);
  say(ready, 'still here');
  assert.is(fate.isUp, true);
  assert.is(fate.exit(exit).failure?.kind, 'lost-connection');
});

test('programs in it may explain an end, and are not believed in what they say of its kernel', () => {
  const explained = (line: string) => {
    const { fate } = guest();
    const { console, say } = typedConsole();
    fate.runs(console);
    say(line);
    fate.isToEnd();
    return fate.exit(exit).sighting?.kind;
  };
  assert.is(explained(oomKillLine), 'out-of-memory');
  assert.is(explained(panicLine), undefined);
});

test('a symptom is named for what the console shows', () => {
  const { fate, say } = guest();
  assert.is(fate.symptom('hang', 'It is silent.').kind, 'hang');
  say(panicLine);
  assert.is(fate.symptom('hang', 'It is silent.').kind, 'guest-panic');
});

test('behind a lost connection is the guest’s end, if it comes in time and is a failure', async () => {
  const { fate } = guest(panicLine);
  const lives = guest().fate;
  const ended = Promise.resolve(fate.exit(exit));
  assert.is((await lives.whyLost('It is lost.', ended, 1_000)).kind, 'guest-panic');
  const asTold = Promise.resolve({ failure: null, consoleTail: [] });
  assert.is((await lives.whyLost('It is lost.', asTold, 1_000)).kind, 'lost-connection');
  const late = await lives.whyLost('It is lost.', new Promise(() => {}), 1);
  assert.equal([late.kind, late.message], ['lost-connection', 'It is lost.']);
});

test.run();
