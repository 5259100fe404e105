// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { histogramOf } from '../../results/histogram-data.ts';
import type { CellPlan } from '../../results/plan.ts';
import { enokey, faultDelay, faultWidth, type Unnumbered } from '../../results/testing/frames.ts';
import { aCell, aFaultCell, aPlan } from '../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import type { Metric } from './metric.ts';
import { metricsOf } from './metrics.ts';
import { changing, measured, one, panicInBoot1, reasons, values } from './testing/measured.ts';

const test = suite('metrics');

const ms = 1_000_000;

const victim = { container: 'victim', phase: 'fault' };

test('every sample is either a number or null with a reason, one for each boot', () => {
  for (const doctoring of [
    {},
    panicInBoot1,
    { panicBefore: (f: Unnumbered) => f.t === 'hello' },
  ] satisfies Doctoring[]) {
    const metrics = measured(aFaultCell(), doctoring);
    for (const { name, samples } of metrics) {
      assert.equal(
        samples.map(({ boot, seed, host, block }) => [boot, block, seed, host]),
        [
          [0, 0, 100, 'testhost'],
          [1, 1, 101, 'testhost'],
        ],
        name,
      );
      for (const { value, reason } of samples) {
        assert.is(value === null, reason !== undefined, name);
        assert.ok(value === null || Number.isFinite(value), name);
      }
    }
  }
});

test('the same metrics are there whatever was measured of them', () => {
  const names = (metrics: Metric[]) => metrics.map(({ name, dimensions }) => `${name} ${JSON.stringify(dimensions)}`);
  const whole = names(measured(aFaultCell()));
  assert.is(new Set(whole).size, whole.length);
  assert.equal(names(measured(aFaultCell(), panicInBoot1)), whole);
  assert.equal(names(measured(aFaultCell(), { panicBefore: (f, boot) => boot === 1 && f.t === 'hello' })), whole);
});

test('a metric carries everything it depends on', () => {
  const metric = one(measured(aFaultCell()), 'upcall.latency.p50', { container: 'victim', phase: 'steady' });
  assert.is(metric.unit, 'ns');
  assert.equal(metric.dimensions, {
    mechanism: 'keyagent-fd',
    fallback: 'refuse',
    topology: 'own',
    scenario: 'agent-killed',
    kernel: '6.1.192-2',
    module: 'm',
    machine: 'fake',
    accelerator: 'none',
    smp: 1,
    clock: 'wall',
    container: 'victim',
    load: 'closed:1',
    phase: 'steady',
    outcome: 'ok',
  });
});

test('windows of a boot are merged before quantiles are taken, fault windows apart from the others', () => {
  const window = { ms: 1000, maxRequests: 10, samples: false };
  const two = aCell({ windows: [window, window] });
  const change = changing('window', ({ index }) => {
    const list = Array.from({ length: 10 }, (_, i) => 1 + i + index * 10);
    return { hist: histogramOf(list) };
  });
  const metrics = measured(two, change, 1);
  assert.equal(values(one(metrics, 'upcall.latency.p50')), [10]);
  assert.equal(values(one(metrics, 'upcall.latency.max')), [20]);
  assert.equal(values(one(metrics, 'upcall.latency.p90')), [null]);
  assert.equal(reasons(one(metrics, 'upcall.latency.p90')), ['too-few-samples']);

  const faulty = measured(
    aFaultCell(),
    changing('window', ({ index }) => ({ hist: histogramOf([...Array(20)].map(() => 5 + index)) })),
    1,
  );
  assert.equal(values(one(faulty, 'upcall.latency.p50', { container: 'bystander', phase: 'steady' })), [5]);
  assert.equal(values(one(faulty, 'upcall.latency.p50', { container: 'bystander', phase: 'fault' })), [6]);
});

test('errors are counted by errno, those expected or seen in any boot in every boot', () => {
  const strange: Doctoring = {
    frame: (frame, boot) =>
      frame.t === 'window' && boot === 1 && frame.container === 'bystander' && frame.index === 0
        ? { ...frame, errors: { EDQUOT: 3 } }
        : frame,
  };
  const metrics = measured(aFaultCell(), strange);
  assert.equal(values(one(metrics, 'upcall.errors', { ...victim, errno: 'ENOKEY' })), [126, 126]);
  assert.equal(
    values(one(metrics, 'upcall.errors', { container: 'bystander', phase: 'steady', errno: 'EDQUOT' })),
    [0, 3],
  );
  assert.equal(
    values(one(metrics, 'upcall.errors', { container: 'bystander', phase: 'steady', errno: 'all' })),
    [0, 3],
  );
  assert.equal(values(one(metrics, 'upcall.errors', { container: 'bystander', phase: 'fault', errno: 'all' })), [0, 0]);
});

test('what was not measured has the reason of its boot, not a zero', () => {
  const metrics = measured(aFaultCell(), panicInBoot1);
  for (const name of ['upcall.latency.p50', 'upcall.throughput', 'recovery.time']) {
    const metric = one(metrics, name, victim);
    assert.type(values(metric)[0], 'number');
    assert.equal([values(metric)[1], reasons(metric)[1]], [null, 'guest-panic'], name);
  }
  const steady = one(metrics, 'upcall.latency.p50', { container: 'victim', phase: 'steady' });
  assert.ok(
    values(steady).every((value) => value !== null),
    'the window before the panic is there',
  );

  const lost = measured(
    aCell(),
    changing('window', () => null),
    1,
  );
  assert.equal(reasons(one(lost, 'upcall.throughput')), ['missing-frame']);
  const full = measured(
    aCell(),
    changing('window', () => ({ truncated: true })),
    1,
  );
  assert.equal(reasons(one(full, 'upcall.throughput')), ['truncated']);
  const refused = measured(
    aCell(),
    changing('window', () => ({ ok: 0, in_time: 0, hist: histogramOf([]) })),
    1,
  );
  assert.equal(reasons(one(refused, 'upcall.latency.max')), ['no-ok-requests']);
  assert.equal(values(one(refused, 'upcall.throughput')), [0]);
});

test('a boot that was never begun is not reached, and is filed with those that were', () => {
  const plan = aPlan([aCell()]);
  const run = aRun(plan);
  const records = run.records.filter(({ boot }) => boot !== 1);
  const metric = one(metricsOf({ ...run, records }), 'boot.first_sample');
  assert.type(values(metric)[0], 'number');
  assert.equal(reasons(metric)[1], 'not-reached');
  assert.is(one(metricsOf({ ...run, records: [] }), 'boot.first_sample').dimensions.module, 'unknown');
});

test('recovery is from the injection to the first success after which none fails, with its uncertainty', () => {
  const metrics = measured(aFaultCell(), {}, 1);
  const recovery = one(metrics, 'recovery.time', victim);
  // Requests start every 4 ms; the one at 1,500 ms still fails (the agent is ready 1 µs later), the next, number 376, is served.
  const latency = 100_000 + ((376 * 37) % 100) * 1000;
  assert.equal(values(recovery), [504 * ms + latency]);
  assert.is(recovery.samples[0]?.uncertainty, faultWidth);
  assert.equal(values(one(metrics, 'recovery.after_restart', victim)), [4 * ms + latency - faultDelay]);
});

test('a success among failures is no recovery', () => {
  const flickering = changing('samples', ({ rows }) => ({
    rows: rows.map((row, i) =>
      i === 300 ? [row[0], row[1], 0, 1, 0] : i === 600 ? [row[0], row[1], enokey, 0, 0] : row,
    ),
  }));
  const [value] = values(one(measured(aFaultCell(), flickering, 1), 'recovery.time'));
  assert.is(value, 1404 * ms + 100_000 + ((601 * 37) % 100) * 1000);
});

test('a fault that harmed nobody is over with the next success', () => {
  const unharmed = changing('samples', ({ rows }) => ({
    rows: rows.map(([start, latency]) => [start, latency, 0, 1, 0]),
  }));
  const metrics = measured(aFaultCell(), unharmed, 1);
  // The request that starts with the injection, number 250, ends after it.
  assert.equal(values(one(metrics, 'recovery.time')), [100_000 + ((250 * 37) % 100) * 1000]);
  assert.equal(reasons(one(metrics, 'recovery.after_restart')), ['recovered-before-restart']);
});

test('a recovery that cannot be told has its reason', () => {
  const cases: [Doctoring, string][] = [
    [changing('samples', () => null), 'no-samples'],
    [changing('samples', ({ rows }) => ({ rows: rows.slice(1) })), 'no-samples'],
    [changing('fault', () => null), 'fault-not-reported'],
    [changing('fault', () => ({ hits: 0 })), 'fault-missed'],
    [
      changing('samples', ({ rows }) => ({ rows: rows.map(([s, l, , a, w]) => [s, l, enokey, a, w]) })),
      'not-recovered',
    ],
    [
      changing('samples', ({ rows }) => ({ rows: rows.map((row, i) => (i === 999 ? [row[0], -1, 0, 0, 0] : row)) })),
      'not-recovered',
    ],
  ];
  for (const [doctoring, reason] of cases) {
    const metrics = measured(aFaultCell(), doctoring, 1);
    assert.equal(reasons(one(metrics, 'recovery.time')), [reason]);
    assert.equal(reasons(one(metrics, 'recovery.after_restart')), [reason]);
  }
  const noRestart = measured(
    aFaultCell(),
    changing('agent', (f) => (f.restart ? null : {})),
    1,
  );
  assert.equal(reasons(one(noRestart, 'recovery.after_restart')), ['no-restart']);
  assert.type(values(one(noRestart, 'recovery.time'))[0], 'number');
});

test('several fault windows of a boot are one sample, their median; one that did not recover is not hidden by it', () => {
  const base = aFaultCell();
  const [steady, fault] = base.windows as [CellPlan['windows'][number], CellPlan['windows'][number]];
  const later = { ...fault, faults: (fault.faults ?? []).map((each) => ({ ...each, untilMs: 1900 })) };
  const cell = { ...base, windows: [steady, fault, later] };
  const single = (w: typeof fault) =>
    values(one(measured({ ...base, windows: [steady, w] }, {}, 1), 'recovery.time'))[0] as number;
  assert.equal(values(one(measured(cell, {}, 1), 'recovery.time')), [(single(fault) + single(later)) / 2]);
  const missed = changing('fault', ({ index }) => (index === 2 ? { hits: 0 } : {}));
  assert.equal(reasons(one(measured(cell, missed, 1), 'recovery.time')), ['fault-missed']);
});

test('without an agent of its own there is a recovery but no restart', () => {
  const containers = aFaultCell().containers.map((container) => ({ ...container, agent: 'none' as const }));
  const metrics = measured(aFaultCell({ containers }), {}, 1);
  one(metrics, 'recovery.time');
  assert.not.ok(metrics.some(({ name }) => name === 'recovery.after_restart'));
});

test('what a bystander had under way when a fault-free window ended is not of its fault-free rate', () => {
  const ratio = (doctoring: Doctoring) =>
    values(one(measured(aFaultCell(), doctoring, 1), 'bystander.service_ratio'))[0] as number;
  const half = changing('window', ({ in_time = 0 }) => ({ in_time: in_time / 2 }));
  assert.ok(Math.abs(ratio(half) / ratio({}) - 2) < 1e-9);
});

test('the bystander is compared with itself in the same boot', () => {
  const metric = one(measured(aFaultCell()), 'bystander.p99_ratio');
  assert.equal(values(metric), [1, 1]);
  assert.is(metric.unit, '1');
  assert.not.ok(measured(aCell()).some(({ name }) => name.startsWith('bystander')));
});

test('floors are those of the plan, and the null actor is a floor, not an upcall', () => {
  const mechanism = { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' } as const;
  const metrics = measured(aCell({ mechanism }), {}, 1);
  assert.equal(metrics.map(({ name }) => name).sort(), [
    'boot.first_sample',
    'boot.hello',
    'floor.null_actor.p50',
    'floor.syscall.p50',
    'floor.vfork_exec.p50',
    'harness.cpu_share',
    'host.steal_share',
    'window.bytes',
    'window.console_bytes',
    'window.kernel_log_bytes',
    'window.packets',
  ]);
  // The middle of bucket 248..249 of the values 200..299.
  assert.equal(values(one(metrics, 'floor.syscall.p50')), [249]);
  // The median is 147,000; its bucket is 146,432..147,455.
  assert.equal(values(one(metrics, 'floor.null_actor.p50')), [146_943]);
  const missing = measured(
    aCell({ mechanism }),
    changing('floor', () => null),
    1,
  );
  assert.equal(reasons(one(missing, 'floor.syscall.p50')), ['missing-frame']);
});

test('the first sample is timed on the host, a container on the guest', () => {
  const metrics = measured(aFaultCell(), {}, 1);
  // Records are 1 ms apart: boot-start, hello, kmsg, two floors, beat, cell, two agents, meter, window.
  assert.equal(values(one(metrics, 'boot.first_sample')), [10 * ms]);
  assert.equal(values(one(metrics, 'boot.hello')), [1 * ms]);
  assert.equal(values(one(metrics, 'container.start', { container: 'bystander' })), [301 * ms]);
});

/** Of guests that count instructions, and were idle so long in each window of a boot. */
function counted(idleNs: (boot: number) => number) {
  const doctoring: Doctoring = {
    frame: (frame, boot) => (frame.t === 'meter' ? { ...frame, idle_ns: idleNs(boot) } : frame),
  };
  const run = aRun(aPlan([aFaultCell()], 2), doctoring);
  const records = run.records.map((record) =>
    record.kind === 'boot-start'
      ? { ...record, description: { ...record.description, clock: 'icount' as const } }
      : record,
  );
  return metricsOf({ ...run, records });
}

test('a duration on a virtual clock is never called ns', () => {
  for (const { name, unit } of counted(() => 10 * ms)) {
    if (/latency|floor\.|recovery|container/.test(name)) assert.is(unit, 'virtual-ns', name);
  }
});

test('of a guest that was never idle in its windows it is instructions; of one that was in any boot it is not', () => {
  const latencies = (idleNs: (boot: number) => number) =>
    counted(idleNs).filter(({ name }) => name.startsWith('upcall.latency.'));
  const busy = latencies(() => 0);
  assert.ok(busy.length > 0);
  for (const { name, unit } of busy) assert.is(unit, 'insn', name);
  const once = latencies((boot) => (boot === 1 ? 10 * ms : 0));
  assert.is(once.length, busy.length, 'both boots are samples of one metric');
  for (const { name, unit, samples } of once) {
    const valued = samples.filter(({ value }) => value !== null).map(({ boot }) => boot);
    assert.is(unit, valued.includes(1) ? 'virtual-ns' : unit, name);
    assert.is(samples.length, 2, name);
  }
});

test.run();
