// SPDX-License-Identifier: MIT
/** Requesters many user namespaces below their container's: by every way to answer them that knows of user namespaces. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { converse } from '../runner/testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from '../runner/testing/guest.ts';

const test = suite('requesters below their container, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const depths = [0, 1, 8, 32] as const;

function cell(id: string, route: string, delivery: string, agent: string, more = ''): string {
  return `
cell ${id}
  mechanism ${route}-${delivery}
  route ${route}
  delivery ${delivery}${more}
  fallback ${route === 'nsenter' ? 'stock' : 'refuse'}
  timeout_ms 10000
  deadline_ms 10000
  backoff_us 2000
  payload_bytes 256
  ${depths.map((depth) => `container d${depth} requesters 1 agent ${agent} agent_uid 0 requester_uid 0 setuid 0 depth ${depth}`).join('\n  ')}
  warmup 2
  window 3000 20
end`;
}

test('each is answered, at every depth, and as one of its container', async () => {
  const plan = `keystorm-plan 4
boot 0${cell('own', 'userns', 'fd-write', 'own')}${cell('above', 'userns', 'signal', 'shared')}${cell('linked', 'session', 'fd-keyctl', 'own')}${cell('enters', 'nsenter', 'helper', 'none', '\n  helper nsenter')}
run
`;
  const { last, of } = await converse(machine(), plan);
  assert.is(last?.t, 'done', JSON.stringify(last));
  const windows = of('window');
  assert.is(windows.length, 4 * depths.length);
  for (const { cell, container, ok, started, wrong, foreign_ns, errors } of windows) {
    const where = `${cell}, ${container}: ${JSON.stringify(errors)}`;
    assert.ok(ok > 0, where);
    assert.equal([ok, wrong], [started, 0], where);
    // The agent that serves all is in the init namespaces, and nobody else is.
    assert.is(foreign_ns, cell === 'above' ? ok : 0, where);
  }
});

test('a kernel that allows no more user namespaces is a clear error', async () => {
  const file = '/proc/sys/user/max_user_namespaces';
  const before = await sh(machine(), `cat ${file}; echo 12 >${file}`);
  const { last } = await converse(
    machine(),
    `keystorm-plan 4\nboot 0${cell('few', 'userns', 'fd-write', 'own')}\nrun\n`,
  );
  await sh(machine(), `echo ${before} >${file}`);
  assert.is(last?.t, 'error');
  // Whoever comes when they are used up.
  assert.match(JSON.stringify(last), /requester 0 of container 'd(1|8|32)' ended by itself \(status 1\)/);
});

test.run();
