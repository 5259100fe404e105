// SPDX-License-Identifier: MIT
/** Boots one guest and has its requesters load it in every way a plan can ask for. */
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import type { Frame, FrameOf } from '../../../results/frames.ts';
import { type Conversation, cell, converse, leftovers } from './testing/conversation.ts';
import { bootAndBuildMs, guestOf, sh } from './testing/guest.ts';

const test = suite('load in a guest', { timeoutMs: bootAndBuildMs });
const guest = guestOf(test);

const head = 'keystorm-plan 4\nboot 0\n';
const agentFd = { route: 'session', delivery: 'fd-write' };
const agentSignal = { route: 'session', delivery: 'signal' };
const stockMinimal = { route: 'init', delivery: 'helper', fallback: 'stock', helper: 'minimal' };
const fourWithAgent = ['subject 4 own 0 0 0'];
const four = ['subject 4 none 0 0 0'];
const stormOne = 'storm-one hit_percent 0';
const stormDistinct = 'storm-distinct hit_percent 0';
const second = 1e9;

type Rows = FrameOf<'samples'>['rows'];

/** Has the cells done to their end. */
async function load(cells: readonly string[], onFrame?: (frame: Frame) => Promise<void>): Promise<Conversation> {
  const said = await converse(guest(), `${head}${cells.join('')}run\n`, onFrame);
  assert.is(said.last?.t, 'done', JSON.stringify(said.last));
  for (const window of said.of('window')) {
    const errors = Object.values(window.errors).reduce((a, b) => a + b, 0);
    assert.is(window.ended, window.started, window.cell);
    assert.is(window.ok + errors, window.ended, window.cell);
    assert.equal([window.open, window.twice, window.late, window.truncated], [0, 0, 0, false], window.cell);
    const rows = rowsOf(said, window.cell, window.index);
    const length = window.mono_end - window.mono_start;
    const inTime = rows.filter(([start, latency, errno]) => errno === 0 && start + latency <= length).length;
    if (rows.length > 0) assert.is(window.in_time, inTime, `${window.cell}: ok by the end of its window`);
  }
  return said;
}

function windowsOf(said: Conversation, id: string): FrameOf<'window'>[] {
  return said.of('window').filter((window) => window.cell === id);
}

function rowsOf(said: Conversation, id: string, index = 0): Rows {
  return said.of('samples').flatMap((part) => (part.cell === id && part.index === index ? part.rows : []));
}

function countersOf(said: Conversation, id: string): FrameOf<'counters'> {
  const frame = said.of('counters').find((each) => each.cell === id);
  assert.ok(frame, `counters of ${id}`);
  return frame;
}

/** Requests of the cell that were no hits. */
function askedOf(said: Conversation, id: string): number {
  const { upcalls_ok, upcalls_failed, hits } = countersOf(said, id);
  return upcalls_ok + upcalls_failed - (hits ?? 0);
}

test('open loop: starts are due at fixed times, and each is made or missed', async () => {
  const windows = [
    'window 1000 100000 samples rate 150',
    'window 600 100000 rate 7',
    'window 1000 40 samples rate 200',
  ];
  const said = await load([cell({ id: 'open', ...agentFd, containers: fourWithAgent, windows })]);
  const [steady, rare, bounded] = windowsOf(said, 'open');
  assert.ok(steady?.arrivals && rare?.arrivals && bounded?.arrivals);
  assert.is(steady.started + steady.arrivals.missed, 150);
  assert.is(steady.mono_end - steady.mono_start, second, 'it lasts its time, though nothing is to be done at its end');
  assert.is(rare.started + rare.arrivals.missed, 5, 'at 0, 143, 286, 429 and 571 ms');
  assert.equal([bounded.started, bounded.arrivals.missed], [40, 0], 'N bounds the starts');
  assert.ok(bounded.mono_end - bounded.mono_start < second, 'and ends the window');
  assert.equal(
    rowsOf(said, 'open', 2).map(([start]) => start),
    Array.from({ length: 40 }, (_, k) => Math.floor((k * second) / 200)),
  );
  for (const window of [steady, rare, bounded]) {
    assert.is(window.hist.count, window.ok);
    assert.is(window.arrivals?.service_hist.count, window.ok);
    assert.ok((window.arrivals?.service_hist.sum ?? 0) <= window.hist.sum, 'who wakes up for a start is never early');
  }
});

test('open loop: at a rate that is too high starts are late and missed, and latencies count from when they were due', async () => {
  const windows = ['window 1000 100000 samples rate 20000'];
  const said = await load([cell({ id: 'over', ...stockMinimal, containers: four, windows })]);
  const [window] = windowsOf(said, 'over');
  assert.ok(window?.arrivals);
  assert.is(window.started + window.arrivals.missed, 20_000);
  assert.ok(window.arrivals.missed > 0 && window.arrivals.late > 0);
  assert.is(rowsOf(said, 'over').length, window.started);
  const service = window.arrivals.service_hist.max ?? 0;
  // All requesters are busy to the end, with starts that were due long ago.
  const lastDue = ((window.started - 1) * second) / 20_000;
  assert.ok(
    (window.hist.max ?? 0) >= second - lastDue - service,
    `${window.hist.max} ns for the last of ${window.started}`,
  );
  assert.is(
    rowsOf(said, 'over').reduce((sum, [, latency]) => sum + latency, 0),
    window.hist.sum,
  );
});

test('open loop: an agent that stands still is charged for every start that was due meanwhile', async () => {
  const windows = ['window 2500 100000 samples rate 80\nfault stop-answerer subject at_ms 700 until_ms 1700'];
  const said = await load([cell({ id: 'stall', ...agentFd, containers: fourWithAgent, windows })]);
  const [window] = windowsOf(said, 'stall');
  const [inject, clear] = said.of('fault');
  assert.ok(window?.arrivals && inject && clear);
  assert.is(window.started + window.arrivals.missed, 200);
  const due = rowsOf(said, 'stall').map(([start, latency]) => ({ at: window.mono_start + start, latency }));
  const held = due.filter(({ at }) => at > inject.mono_after && at < clear.mono_before);
  const expected = ((clear.mono_before - inject.mono_after) * 80) / second;
  assert.ok(Math.abs(held.length - expected) <= 1, `${held.length} starts were due, not ${expected}`);
  for (const { at, latency } of held)
    assert.ok(at + latency >= clear.mono_before, `due ${clear.mono_before - at} ns before`);
  // Four requesters took the first of these in time; nobody was free for the others.
  assert.ok(window.arrivals.late >= held.length - 4, `${window.arrivals.late} late`);
  assert.ok(window.arrivals.service_hist.sum < window.hist.sum);
});

test('storms: all begin together when all have ended, and one key is asked for once, several each', async () => {
  const windows = ['window 2000 200 samples'];
  const ways = { 'agent-fd': agentFd, 'agent-signal': agentSignal, 'stock-minimal': stockMinimal };
  const said = await load(
    Object.entries(ways).flatMap(([id, way]) => {
      const containers = way === stockMinimal ? four : fourWithAgent;
      return [
        cell({ id: `${id}-one`, ...way, requests: stormOne, containers, windows, warmup: 2 }),
        cell({ id: `${id}-distinct`, ...way, requests: stormDistinct, containers, windows, warmup: 2 }),
      ];
    }),
  );
  for (const id of Object.keys(ways))
    for (const [kind, upcalls] of [
      ['one', 1],
      ['distinct', 4],
    ] as const) {
      const name = `${id}-${kind}`;
      const [window] = windowsOf(said, name);
      assert.ok(window?.rounds);
      const { rounds } = window;
      const counters = countersOf(said, name);
      const total = rounds.count + 2;
      assert.ok(rounds.count > 0, name);
      assert.equal([rounds.hist.count, window.started, window.wrong], [rounds.count, 4 * rounds.count, 0], name);
      assert.is(counters.rounds, total, `${name}: the warm-up's two are rounds too`);
      const { notified_fd_write = 0, notified_signal = 0, helper_execs = 0 } = counters.delta;
      assert.is(
        notified_fd_write + notified_signal + helper_execs,
        upcalls * total,
        `${name}: upcalls of ${total} rounds`,
      );
      const rows = rowsOf(said, name);
      for (let at = 0; at + 4 < rows.length; at += 4) {
        const round = rows.slice(at, at + 4);
        const ends = round.map(([start, latency]) => start + latency);
        assert.ok(Math.max(...ends) <= (rows[at + 4]?.[0] ?? 0), `${name}: round ${at / 4} has ended before the next`);
        assert.is(
          new Set(round.map((row) => row[4])).size,
          4,
          `${name}: every requester takes part in round ${at / 4}`,
        );
      }
    }
});

/** Keys of containers' users once the kernel has collected what is linked nowhere, or after 10 s. */
async function keysOfContainers(enough: number): Promise<number> {
  const count = `awk -F'[: /]+' '$2 >= 100000 { keys += $4 } END { print keys + 0 }' /proc/key-users`;
  return Number(
    await sh(
      guest(),
      `for i in $(seq 100); do n=$(${count}); [ $n -le ${enough} ] && break; usleep 100000; done; echo $n`,
    ),
  );
}

test('storms leave no keys in the session keyring, whether their rounds are answered or fail', async () => {
  const words = { ...agentFd, requests: stormOne, warmup: 0, windows: ['window 1500 1200'] };
  const seen: number[] = [];
  const said = await load(
    [
      cell({ id: 'answered', ...words, containers: fourWithAgent }),
      cell({ id: 'refused', ...words, containers: four }),
    ],
    async (frame) => {
      // The requesters are still there: what they left in the keyring is, too.
      if (frame.t === 'window') seen.push(await keysOfContainers(40));
    },
  );
  for (const [i, id] of ['answered', 'refused'].entries()) {
    const [window] = windowsOf(said, id);
    assert.ok((window?.rounds?.count ?? 0) > 100, `${id}: ${window?.rounds?.count} rounds`);
    assert.ok((seen[i] ?? Infinity) <= 40, `${id}: ${seen[i]} keys are left`);
  }
  assert.equal(Object.keys(windowsOf(said, 'refused')[0]?.errors ?? {}), ['ENOKEY']);
});

test('storms: a requester that dies leaves nobody waiting for it', async () => {
  const words = { ...agentFd, requests: stormDistinct, containers: fourWithAgent };
  const plan = cell({ id: 'die', ...words, windows: ['window 300 1000000', 'window 5000 1000000'] });
  const said = await converse(guest(), `${head}${plan}run\n`, async (frame) => {
    if (frame.t === 'window') await sh(guest(), 'set -- $(pidof ks-hammer); kill -9 $1');
  });
  assert.is(said.last?.t, 'error');
  assert.match(said.of('error')[0]?.message ?? '', /requester \d of container 'subject' ended by itself \(signal 9\)/);
  assert.is(await leftovers(guest()), '');
});

test('hits are spread evenly, make no upcalls, and have a histogram of their own', async () => {
  const words = { ...agentFd, requests: 'fresh hit_percent 30', containers: ['subject 1 own 0 0 0'], warmup: 10 };
  const windows = ['window 5000 100 samples', 'window 5000 40 rate 20'];
  const said = await load([cell({ id: 'hits', ...words, windows })]);
  const [closed, open] = windowsOf(said, 'hits');
  assert.ok(closed?.hits && open?.hits && open.arrivals);
  assert.equal([closed.started, closed.hits.ok, open.started, open.hits.ok], [100, 30, 40, 12]);
  for (const window of [closed, open]) {
    assert.is(window.wrong, 0);
    assert.is(window.hits?.hist.count, window.hits?.ok);
    assert.is(window.hist.count, window.ok - (window.hits?.ok ?? 0));
  }
  assert.is(open.arrivals.service_hist.count, open.hist.count);
  assert.is(countersOf(said, 'hits').hits, 30 + 12 + 3, 'three of the warm-up');
  assert.is(countersOf(said, 'hits').delta.notified_fd_write, askedOf(said, 'hits'));
  const rows = rowsOf(said, 'hits');
  const hits = rows.flatMap((row, i) => (row[3] === -1 ? [i] : []));
  assert.is(hits.length, 30, 'nobody answered them: agent is -1');
  for (const [i, at] of hits.entries()) assert.ok(at - (hits[i - 1] ?? at - 3) <= 4, `the hit before number ${at}`);
});

test('answers have the size that is due, and one of another size is wrong', async () => {
  const sizes = { payloadBytes: '256 1024 300', windows: ['window 1000 90'] };
  const one = ['subject 1 none 0 0 0'];
  const said = await load(
    [
      cell({ id: 'fd', ...agentFd, ...sizes, containers: fourWithAgent }),
      cell({ id: 'signal', ...agentSignal, ...sizes, containers: fourWithAgent }),
      cell({ id: 'one', ...agentFd, ...sizes, requests: stormOne, containers: fourWithAgent }),
      cell({ id: 'batch', ...agentFd, ...sizes, containers: fourWithAgent, windows: ['window 1000 90 batch'] }),
      // Within the second window the helper is told another size, the first one, for all.
      cell({
        id: 'stock',
        ...stockMinimal,
        ...sizes,
        containers: one,
        windows: ['window 2000 30', 'window 4000 100 rate 20'],
      }),
    ],
    async (frame) => {
      if (frame.t === 'window' && frame.cell === 'stock' && frame.index === 0)
        await sh(guest(), 'echo 256 >/run/keystorm/payload_bytes');
    },
  );
  const windows = said.of('window');
  for (const window of windows) assert.ok(window.ok > 0, window.cell);
  for (const window of windows.slice(0, -1)) assert.is(window.wrong, 0, window.cell);
  const [before, after] = windowsOf(said, 'stock');
  assert.ok(before && after);
  const first = 3 + before.ok;
  const ofOtherSizes = Array.from({ length: after.ok }, (_, i) => first + i).filter((k) => k % 3 !== 0);
  assert.ok(after.wrong > 0 && after.wrong <= ofOtherSizes.length, `${after.wrong} of ${after.ok} are wrong`);
});

test('batches count what the counters count, read the clock twice each, and judge answers no less', async () => {
  const mixed = { ...agentFd, fallback: 'stock', helper: 'minimal' };
  const said = await load([
    cell({ id: 'counted', ...agentFd, containers: ['subject 1 own 0 0 0'], windows: ['window 5000 150 batch'] }),
    cell({ id: 'timed', ...agentFd, containers: fourWithAgent, windows: ['window 300 1000000 batch'] }),
    cell({ id: 'refused', ...agentFd, containers: four, windows: ['window 300 1000000 batch'] }),
    cell({
      id: 'strangers',
      ...mixed,
      containers: ['unserved 2 none 0 0 0', 'served 2 own 0 0 0'],
      windows: ['window 1000 20 batch'],
    }),
  ]);
  for (const window of said.of('window')) {
    assert.is(window.batch?.size, 1000);
    assert.equal([window.hist.count, window.errors_hist], [0, null]);
  }
  const [counted] = windowsOf(said, 'counted');
  assert.equal([counted?.ok, counted?.batch?.clock_reads], [150, 2]);
  const [timed] = windowsOf(said, 'timed');
  assert.ok(timed && timed.mono_end - timed.mono_start >= 300e6, 'the runner ends it');
  for (const id of ['counted', 'timed']) {
    const inWindows = windowsOf(said, id).reduce((sum, { ok }) => sum + ok, 0);
    const warmUp = 3 * (id === 'counted' ? 1 : 4);
    assert.is(countersOf(said, id).delta.notified_fd_write, inWindows + warmUp, id);
    assert.is(askedOf(said, id), inWindows + warmUp, id);
  }
  const [refused] = windowsOf(said, 'refused');
  assert.ok(refused && refused.started > 0);
  assert.equal([refused.ok, refused.errors], [0, { ENOKEY: refused.started }]);
  const [unserved, served] = windowsOf(said, 'strangers');
  assert.ok(unserved && served && unserved.ok > 0 && served.ok > 0);
  assert.equal([unserved.wrong, unserved.foreign_ns], [unserved.ok, unserved.ok]);
  assert.equal([served.wrong, served.foreign_ns], [0, 0]);
});

test('nothing crosses the border of the guest in a window, and what does is metered', async () => {
  const words = { ...agentFd, containers: fourWithAgent };
  const quiet = await load([
    cell({ id: 'quiet', ...words, windows: ['window 5000 1000000', 'window 700 1000000 rate 50'] }),
  ]);
  assert.is(quiet.of('meter').length, 2);
  for (const meter of quiet.of('meter')) {
    const window = windowsOf(quiet, 'quiet')[meter.index];
    assert.ok(window && meter.n < window.n, 'before the frames of its window');
    assert.ok(meter.mono_before <= window.mono_start && window.mono_end <= meter.mono_after);
    const { rx_packets, tx_packets, rx_bytes, tx_bytes, console_bytes } = meter;
    assert.equal({ rx_packets, tx_packets, rx_bytes, tx_bytes, console_bytes }, nothing, `window ${meter.index}`);
    assert.ok(meter.context_switches >= 2 * window.started, 'there and back for each request');
    assert.ok(meter.idle_ns <= meter.mono_after - meter.mono_before + 20e6);
  }
});

test('what does cross the border is metered: lines of the kernel, of a program, and packets', async () => {
  const x = `x=$(printf '%0100d' 0)`;
  const noises = {
    kernel: `${x}; echo "<1>$x" >/dev/kmsg`,
    program: `${x}; echo "$x" >/dev/console`,
    // Nobody has this address: somebody asks for it, and nobody answers.
    packets: 'echo x >/dev/udp/10.0.2.99/9',
  };
  for (const [kind, noise] of Object.entries(noises)) {
    // The kernel asks for the address once a second at most.
    const words = { ...agentFd, containers: fourWithAgent, windows: ['window 3500 1000000'] };
    const forEver = `while :; do ${noise}; usleep 100000; done`;
    const pid = await sh(guest(), `setsid bash -c ${quoted(forEver)} >/dev/null 2>&1 </dev/null & echo $!`);
    const said = await load([cell({ id: kind, ...words })]);
    await sh(guest(), `kill ${pid}`);
    const [meter] = said.of('meter');
    assert.ok(meter);
    const { tx_packets, tx_bytes, console_bytes, kernel_log_bytes } = meter;
    const seen = {
      packets: tx_packets > 0 && tx_bytes > 0,
      program: console_bytes >= 100,
      kernel: kernel_log_bytes >= 100,
    };
    const expected = { packets: kind === 'packets', program: kind === 'program', kernel: kind === 'kernel' };
    assert.equal(seen, expected, `${kind}: ${JSON.stringify(meter)}`);
  }
});

test('a guest that never gets quiet is measured all the same, and says so', async () => {
  const dummy = 'insmod $(find /lib/modules -name dummy.ko) && ip link set dummy0 up';
  await sh(guest(), `${dummy} && ip addr add 192.0.2.1/24 dev dummy0`);
  // Without a process for each packet, which would take longer than a guest has to be quiet.
  const noise = 'exec 3>/dev/udp/192.0.2.2/9 4<> <(:); while :; do echo x >&3; read -t 0.01 -u 4; done';
  const pid = await sh(guest(), `setsid bash -c ${quoted(noise)} >/dev/null 2>&1 </dev/null & echo $!`);
  const words = { ...agentFd, containers: fourWithAgent, windows: ['window 300 1000000', 'window 300 1000000'] };
  const said = await load([cell({ id: 'noise', ...words })]);
  await sh(guest(), `kill ${pid}; rmmod dummy`);
  const [one, next] = said.of('meter');
  assert.ok(one && next && one.tx_packets > 0 && next.tx_packets > 0);
  assert.ok(next.mono_before - one.mono_after < 5 * second, 'not for as long as a frame may be left unread');
});

test('a meter that cannot be read is an error that names it, never a figure', async () => {
  const words = { ...agentFd, containers: fourWithAgent, windows: Array(6).fill('window 1000 1000000 rate 5') };
  const serial = await sh(guest(), 'ls /proc/tty/driver/serial*');
  for (const file of ['/proc/sys/kernel/printk', serial, '/proc/stat']) {
    let covered = false;
    const said = await converse(guest(), `${head}${cell({ id: 'blind', ...words })}run\n`, async (frame) => {
      if (frame.t !== 'window' || covered) return;
      covered = true;
      await sh(guest(), `mount --bind /dev/null ${file}`);
    });
    await sh(guest(), `umount ${file}`);
    const [error] = said.of('error');
    assert.equal(
      [error?.where, error?.message.includes(file)],
      ['meter', true],
      `${file}: ${JSON.stringify(said.last)}`,
    );
    assert.is(await leftovers(guest()), '');
  }
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const nothing = { rx_packets: 0, tx_packets: 0, rx_bytes: 0, tx_bytes: 0, console_bytes: 0 };

test.run();
