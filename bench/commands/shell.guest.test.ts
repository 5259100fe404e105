// SPDX-License-Identifier: MIT
/** What docs/explore.md has a reader try, on a guest. */
import * as assert from 'uvu/assert';
import { bootAndBuildMs } from '../../vm/guest/runner/testing/guest.ts';
import { guestKernel } from '../testing/guest-kernel.ts';
import { suite } from '../testing/suite.ts';
import { main } from './main.ts';
import { capture } from './testing/capture.ts';

const test = suite('a shell in a guest', { timeoutMs: bootAndBuildMs });

/** One upcall in each container: the inode of its user namespace, then who answered, as the answer has it. */
const ask =
  'ks-in $c sh -c \'readlink /proc/self/ns/user; keyctl pipe $(keyctl request2 user ks:hello none @s) | tr -d "\\0"; echo\'';

async function shell(mechanism: string, script: string): Promise<string[]> {
  const { output, out, err } = capture();
  const code = await main(['shell', '--kernel', guestKernel, '--mechanism', mechanism, '--', script], output);
  assert.is(code, 0, err.join('\n'));
  return out.join('\n').trim().split('\n');
}

test('a container is answered by its own agent, whose key its processes have, and not when that is dead', async () => {
  // Its init takes it for its own, and waits for it; then nobody of that number is left.
  const killed =
    'pid=$(pgrep -o ks-agent); kill -KILL $pid; for i in $(seq 100); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done';
  const again = 'for c in c0 c1; do ks-in $c keyctl request2 user ks:again none @s >/dev/null 2>&1; echo $?; done';
  const said = await shell('keyagent-fd', `for c in c0 c1; do ${ask}; done; ${killed}; ${again}`);
  const namespaces = [said[0], said[2]].map((line) => /^user:\[(\d+)\]$/.exec(line ?? '')?.[1]);
  const answers = [said[1], said[3]].map((line) => line?.trim().split(' '));
  assert.is(new Set(namespaces).size, 2, said.join('\n'));
  for (const [i, answer] of answers.entries()) {
    assert.equal([answer?.[0], answer?.[1], answer?.[3]], ['ks1', String(i + 1), namespaces[i]], said.join('\n'));
    assert.is(answer?.at(-1), 'ks:hello');
  }
  assert.equal(said.slice(4), ['1', '0']);
});

test.run();
