// SPDX-License-Identifier: MIT
/** Sizes of answers as keyutils' keyctl sees them, which knows nothing of ours. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('sizes of answers, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);

const descriptions = ['ks:t:a:0:0', 'ks:t:a:0:1', 'ks:t:a:0:2', 'ks:t:a:0:4', 'ks:t:a:0:hit'];
const ask = descriptions.map((each) => `keyctl pipe $(keyctl request2 user ${each} ks @s) | wc -c;`).join(' ');
const expected = ['256', '1024', '300', '1024', '256'];

test('the helper takes its sizes from the file, and has the least without one', async () => {
  await sh(machine(), 'mkdir -p /run/keystorm; echo 256,1024,300 >/run/keystorm/payload_bytes');
  for (const helper of ['/sbin/request-key', '/keystorm/ks-answer']) {
    const place = `mkdir -p /tmp/bin; cp /sbin/request-key /tmp/bin/saved; [ ${helper} = /sbin/request-key ] || cp ${helper} /sbin/request-key`;
    const said = await sh(
      machine(),
      `${place}; keyctl session - sh -c '${ask}' 2>/dev/null; cp /tmp/bin/saved /sbin/request-key`,
    );
    assert.equal(said.split('\n'), expected, helper);
  }
  await sh(machine(), 'echo 256,99 >/run/keystorm/payload_bytes');
  const unusable = await sh(machine(), `keyctl session - sh -c '${ask}' 2>/dev/null`);
  assert.equal(unusable.split('\n'), Array(5).fill('256'));
});

test('an agent takes a list, or the option again, and refuses what is no list', async () => {
  await sh(machine(), 'insmod /keystorm/keystorm.ko; echo session >/sys/module/keystorm/parameters/mode');
  for (const [delivery, sizes] of [
    ['fd-write', '--payload-bytes 256,1024,300'],
    ['signal', '--payload-bytes 256 --payload-bytes 1024,300'],
  ]) {
    const agent = `/keystorm/ks-agent --id 7 --delivery ${delivery} ${sizes} --ready-fd 3 3>/tmp/ready & agent=$!`;
    const ready = 'for i in $(seq 100); do [ -s /tmp/ready ] && break; sleep 0.1; done';
    const session = `rm -f /tmp/ready; ${agent}; ${ready}; ${ask} kill $agent`;
    assert.equal(
      (await sh(machine(), `keyctl session - sh -c '${session}' 2>/dev/null`)).split('\n'),
      expected,
      delivery,
    );
  }
  const refused = await sh(
    machine(),
    '/keystorm/ks-agent --id 7 --delivery signal --payload-bytes 256,1 2>&1; echo $?',
  );
  assert.match(
    refused,
    /^ks-agent: --payload-bytes takes up to 8 sizes from 256 to 1024 separated by commas, not "256,1"\n2$/,
  );
});

test.run();
