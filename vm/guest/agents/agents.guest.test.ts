// SPDX-License-Identifier: MIT
/** Every route with every delivery, every kind of answer, and what becomes of it all when an agent crashes. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { bootAndBuildMs, guestOf, sh } from '../runner/testing/guest.ts';
import { answerOf, inside, prepareAgents, set } from './testing/agents.ts';

const test = suite('agents, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);
test.before(async () => {
  await prepareAgents(machine());
  await set(machine(), 'fallback', 'refuse');
});

const deliveries = ['signal', 'fd-keyctl', 'fd-write'] as const;
const routes = [
  { route: 'session', words: '--route session' },
  { route: 'userns', words: '--route userns --type any' },
  { route: 'intercept', words: '--route intercept --filter user,net --type any' },
] as const;
const container = 'unshare -U -r -n -u';

for (const { route, words } of routes)
  for (const delivery of deliveries)
    test(`${route} with ${delivery}: answers from its namespaces; a crash refuses, and a successor takes its place`, async () => {
      await set(machine(), 'mode', route);
      const agent = `--delivery ${delivery} ${words}`;
      const said = await inside(
        machine(),
        container,
        `ns; start 7 ${agent}; ask user ks:a; ask user ks:b; crash; ask user ks:dead; start 8 ${agent}; ask user ks:c; crash`,
      );
      const [user, net, first, second, dead, third] = said;
      for (const [line, id, description] of [
        [first, 7, 'ks:a'],
        [second, 7, 'ks:b'],
        [third, 8, 'ks:c'],
      ] as const)
        assert.equal(answerOf(line), { agent: id, user, net, description, stamps: {} });
      assert.is(dead, 'failed Required key not available');
    });

for (const delivery of deliveries)
  test(`${delivery}: keys of other types are answered as their type wants it`, async () => {
    await set(machine(), 'mode', 'userns');
    const network = `ip netns add n-${delivery} && ip -n n-${delivery} link set lo up`;
    const dnsmasq = `dnsmasq --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --user=root`;
    const records = '--host-record=srv.test,10.9.8.7,fd00::7 --pid-file=/tmp/dnsmasq.pid --local=/test/';
    await sh(
      machine(),
      `${network}; ip netns exec n-${delivery} ${dnsmasq} ${records}; echo nameserver 127.0.0.1 >/etc/resolv.conf`,
    );
    const asked = [
      'ask dns_resolver srv.test',
      'ask dns_resolver aaaa:srv.test',
      'ask dns_resolver no.test',
      'ask dns_resolver afsdb:srv.test',
      'ask usermode_helper of-mine /bin/hostname',
      'ask usermode_helper fails "/bin/busybox false"',
      'ask usermode_helper killed "/bin/sh /tmp/killed"',
      'ask usermode_helper relative hostname',
      'ask usermode_helper missing /bin/missing',
      'key=$(keyctl request2 logon ks:secret ks @s); keyctl rdescribe $key',
    ].join('; ');
    await sh(machine(), 'echo "kill -9 \\$\\$" >/tmp/killed');
    const said = await inside(
      machine(),
      `ip netns exec n-${delivery} unshare -U -r -u`,
      `hostname of-the-container; start 7 --route userns --type any --delivery ${delivery}; ${asked}; crash`,
    );
    assert.equal(said.slice(0, -1), [
      '10.9.8.7',
      'fd00::7',
      'failed No data available',
      'failed Operation not supported',
      'exit 0',
      'of-the-container',
      'exit 1',
      'signal 9',
      'failed Invalid argument',
      'failed No such file or directory',
    ]);
    assert.match(said.at(-1) ?? '', /^logon;.*;ks:secret$/);
    await sh(machine(), 'kill $(cat /tmp/dnsmasq.pid)');
  });

test('a program is executed as the user who asks, without descriptors, and no further than its output is kept', async () => {
  await set(machine(), 'mode', 'userns');
  await sh(
    machine(),
    `cat >/tmp/look <<'END'
echo $(id -u) $(id -g) $(ls /proc/self/fd | wc -l) $HOME $LEAK
END
cat >/tmp/loud <<'END'
yes | head -c 100000
exit 3
END`,
  );
  const ask = 'ask usermode_helper look "/bin/sh /tmp/look"';
  const said = await inside(
    machine(),
    '',
    `export LEAK=leak; start 7 --route userns --type usermode_helper --delivery fd-write
     ${ask}; setpriv --reuid 1000 --regid 1000 --clear-groups keyctl session - bash -c '. /tmp/agents.sh; ${ask}'
     key=$(keyctl request2 usermode_helper loud "/bin/sh /tmp/loud" @s); keyctl pipe $key | wc -c; keyctl pipe $key | head -n 1; crash`,
  );
  // 0, 1, 2, and the folder that ls reads.
  assert.equal(said, ['exit 0', '0 0 4 /', 'exit 0', '1000 1000 4 /', String('exit 3\n'.length + 1024), 'exit 3']);
});

test('one program that takes its time holds up no other request, and an agent takes it with it when it ends', async () => {
  await set(machine(), 'mode', 'userns');
  const said = await inside(
    machine(),
    container,
    `start 7 --route userns --type any --delivery signal
     (ask usermode_helper slow "/bin/sleep 15" >/tmp/slow) & slow=$!
     until pidof sleep >/dev/null; do usleep 20000; done
     ask user ks:meanwhile; crash
     tries=0; while pidof sleep >/dev/null && [ $tries -lt 200 ]; do tries=$((tries + 1)); usleep 20000; done; pidof sleep
     wait $slow; cat /tmp/slow`,
  );
  assert.is(answerOf(said[0]).description, 'ks:meanwhile');
  assert.equal(said.slice(1), ['failed Required key not available']);
});

test('stamps are there when asked for, in their order, and without those that the delivery has not', async () => {
  await set(machine(), 'mode', 'session');
  for (const delivery of deliveries) {
    const said = await inside(machine(), container, `start 7 --stages --delivery ${delivery}; ask user ks:a; crash`);
    const { woke, assumed, answering } = answerOf(said[0]).stamps;
    assert.ok(woke && answering && woke <= answering, delivery);
    if (delivery === 'fd-write') assert.is(assumed, null);
    else assert.ok(assumed && woke <= assumed && assumed <= answering, delivery);
  }
});

test('the RFC: its agent answers; when it has crashed, the helper of the host does', async () => {
  await set(machine(), 'mode', 'off');
  await sh(machine(), 'insmod /keystorm/keystorm_rfc.ko');
  const said = await inside(
    machine(),
    container,
    'ns; start 7 --route session-rfc --delivery signal; ask user ks:a; crash; ask user ks:b',
  );
  const [user, , own, escaped] = said;
  assert.equal([answerOf(own).agent, answerOf(own).user], [7, user]);
  assert.is(answerOf(escaped).agent, 0);
  assert.is.not(answerOf(escaped).user, user);
  await sh(machine(), 'rmmod keystorm_rfc');
});

test('what an agent cannot do is one sentence', async () => {
  const refused = async (words: string) =>
    sh(machine(), `/keystorm/ks-agent --id 7 --payload-bytes 256 --delivery fd-write ${words} 2>&1; echo $?`);
  assert.match(await refused('--route up'), /^ks-agent: --route takes session, .* not "up"\n2$/);
  assert.match(await refused('--route intercept --filter user,user'), /^ks-agent: --filter takes .* each once.*\n2$/);
  assert.match(
    await refused('--route userns --filter user'),
    /^ks-agent: --filter goes with --route intercept only\n2$/,
  );
  assert.match(await refused('--type any'), /^ks-agent: --type any goes with --route userns and intercept: .*\n2$/);
  assert.match(await refused('--route session-rfc'), /^ks-agent: --route session-rfc knows no delivery but signal\n2$/);
  assert.match(await refused('--route userns --type keyring'), /^ks-agent: cannot register with route userns .*\n1$/);
});

test.run();
