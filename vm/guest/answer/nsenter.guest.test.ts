// SPDX-License-Identifier: MIT
/** The helper that enters the requester's namespaces, in the place of /sbin/request-key, without any module. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { answerOf, inside, prepareAgents } from '../agents/testing/agents.ts';
import { bootAndBuildMs, guestOf, sh } from '../runner/testing/guest.ts';

const test = suite('the helper that enters namespaces, in a guest', { timeoutMs: bootAndBuildMs });
const machine = guestOf(test);
test.before(async () => {
  await prepareAgents(machine());
  await sh(machine(), 'ln -sf /keystorm/ks-answer-nsenter /sbin/request-key');
});

test("it answers from the requester's user and net namespaces, whichever these are", async () => {
  for (const where of [
    '',
    'unshare -n',
    'unshare -U -r',
    'unshare -U -r -n -m -u -i -C',
    'unshare -U -r unshare -U -r -n',
  ]) {
    const [user, net, answer] = await inside(machine(), where, 'ns; ask user ks:a');
    assert.equal(answerOf(answer), { agent: 0, user, net, description: 'ks:a', stamps: {} }, where);
  }
});

test('each of two networks asks its own name server, though the container has covered up our programs', async () => {
  await sh(machine(), 'echo nameserver 127.0.0.1 >/etc/resolv.conf');
  for (const [network, address] of [
    ['a', '10.1.1.1'],
    ['b', '10.2.2.2'],
  ] as const) {
    const dnsmasq = 'dnsmasq --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --user=root';
    await sh(
      machine(),
      `ip netns add ${network} && ip -n ${network} link set lo up
       ip netns exec ${network} ${dnsmasq} --host-record=srv.test,${address} --pid-file=/tmp/dnsmasq-${network}.pid`,
    );
    const said = await inside(
      machine(),
      `ip netns exec ${network} unshare -U -r -m`,
      'mount -t tmpfs none /keystorm; ask dns_resolver srv.test; grep -c "dns_resol srv.test: 8$" /proc/keys; ns; ask user ks:b',
    );
    const [name, keys, user, net, answer] = said;
    assert.equal([name, keys], [address, '1']);
    assert.equal([answerOf(answer).user, answerOf(answer).net], [user, net]);
  }
  await sh(machine(), 'kill $(cat /tmp/dnsmasq-a.pid /tmp/dnsmasq-b.pid)');
});

test('the resolver in there has no capabilities, and reads nothing without end', async () => {
  await sh(machine(), 'ip netns add c; ip -n c link set lo up');
  // A fifo in the place of resolv.conf: the resolver waits for who writes it, and can be looked at.
  const said = await inside(
    machine(),
    'ip netns exec c unshare -U -r -m',
    `mount -t tmpfs none /run; mkfifo /run/fifo; mount --bind /run/fifo /etc/resolv.conf
     (ask dns_resolver srv.test >/tmp/asked) & asking=$!
     tries=0; until pid=$(pidof ks-answer-by-type) || [ $tries -gt 500 ]; do tries=$((tries + 1)); usleep 20000; done
     grep -E "^Cap(Prm|Eff)" /proc/$pid/status; stat -Lc %i /proc/$pid/ns/user /proc/self/ns/user
     echo nameserver 127.0.0.1 >/etc/resolv.conf; wait $asking; cat /tmp/asked`,
  );
  const [permitted, effective, itsUser, ownUser, asked] = said;
  assert.match(permitted ?? '', /^CapPrm:\s0+$/);
  assert.match(effective ?? '', /^CapEff:\s0+$/);
  assert.is(itsUser, ownUser);
  assert.is(asked, 'failed Resource temporarily unavailable');
});

test('no program is executed in there', async () => {
  const said = await inside(
    machine(),
    'unshare -U -r',
    'ask usermode_helper x "/bin/touch /tmp/touched"; ls /tmp/touched; true',
  );
  assert.is(said.length, 1);
  assert.match(said[0] ?? '', /^failed /);
});

test('stamps are there while the file is', async () => {
  await sh(machine(), 'mkdir -p /run/keystorm; touch /run/keystorm/stages');
  const stamped = await inside(machine(), 'unshare -U -r -n', 'ask user ks:s');
  const { woke, assumed, answering } = answerOf(stamped[0]).stamps;
  assert.ok(woke && answering && woke < answering);
  assert.is(assumed, null);
  await sh(machine(), 'rm /run/keystorm/stages');
  assert.equal(answerOf((await inside(machine(), '', 'ask user ks:t'))[0]).stamps, {});
});

test.run();
