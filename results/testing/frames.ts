// SPDX-License-Identifier: MIT
/**
 * The frames a guest would send of a plan if all went well: every request answered within a fifth of a millisecond, save for
 * the victim of a killed agent, whose requests fail with ENOKEY until the new agent is there, and of a stopped one, whose
 * requests are answered when it goes on.
 */
import { type Frame, maxSampleRows, protocolVersion, sampleFields } from '../frames.ts';
import { histogramOf } from '../histogram-data.ts';
import type { BootPlan, CellPlan, CheckBlock, ContainerPlan, Plan, WindowPlan } from '../plan.ts';

/** A frame before it is numbered; a distributive Omit, so that `t` still tells the types apart. */
export type Unnumbered = Frame extends infer F ? (F extends Frame ? Omit<F, 'n'> : never) : never;

const ms = 1_000_000;
export const enokey = 126;
/** The guest's clock when the first window opens, ns. */
export const windowStart = 10_000 * ms;
/** How long after the planned moment the fault and the restart happen, ns. */
export const faultDelay = 1000;
export const faultWidth = 500;
const namespaces = { user: 11, net: 12, mnt: 13, pid: 14, uts: 15, ipc: 16, cgroup: 17 };

export function framesOfBoot(plan: Plan, boot: BootPlan): Unnumbered[] {
  const steps = boot.steps.flatMap((step): Unnumbered[] => {
    if (step.kind === 'cell') return framesOfCell(plan.cells.find(({ id }) => id === step.cell) as CellPlan);
    if (step.kind === 'checks') return framesOfChecks(plan.checks.find(({ id }) => id === step.checks) as CheckBlock);
    const hist = histogramOf(Array.from({ length: step.iterations }, (_, i) => 200 + i));
    return [{ t: 'floor', name: step.floor, hist, mono_start: 1, mono_end: 2 }];
  });
  const hello: Unnumbered = {
    t: 'hello',
    protocol: protocolVersion,
    boot: boot.index,
    kernel: '6.1.0-test',
    version: '#1',
    machine: 'x86_64',
    smp: 1,
    clocksource: 'tsc',
    cmdline: 'keystorm.disposable=1',
    module: 'ABC',
    mono: ms,
    init_ns: namespaces,
  };
  return [
    hello,
    { t: 'kmsg', cell: null, lines: [[5, 0, 'Linux version 6.1.0-test']] },
    ...steps,
    { t: 'unload', ok: true, errno: null, ns: 300 * ms, refcount_before: 0 },
    { t: 'done', mono: 99_000 * ms },
  ];
}

/** Each property is as it was expected to be; one of which either would do held. */
function framesOfChecks({ id, checks, expect, faults = [] }: CheckBlock): Unnumbered[] {
  const [check] = checks as [string];
  return [
    ...Object.entries(expect).map(([property, expected]): Unnumbered => {
      const outcome = expected === 'violated' ? 'violated' : 'held';
      return { t: 'check', cell: id, check, property, outcome, evidence: `${property} was tried`, mono: 5 * ms };
    }),
    ...faults.map(
      (fault): Unnumbered => ({ t: 'check-fault', cell: id, check, fault, hits: 1, gone: true, mono: 5 * ms }),
    ),
    { t: 'counters', cell: id, delta: {}, upcalls_ok: 0, upcalls_failed: 0, hits: 0, rounds: 0 },
    { t: 'keys', cell: id, under_construction: 0, users: {} },
    { t: 'kmsg', cell: id, lines: [] },
  ];
}

function framesOfCell(cell: CellPlan): Unnumbered[] {
  const windows = cell.windows.flatMap((window, index) => [
    meterOf(cell, window, index),
    ...cell.containers.flatMap((c) => ofWindow(cell, window, index, c)),
  ]);
  const count = (of: (frame: Extract<Unnumbered, { t: 'window' }>) => number) =>
    windows.reduce((sum, frame) => sum + (frame.t === 'window' ? of(frame) : 0), 0);
  const warmups = cell.containers.reduce((sum, { requesters }) => sum + requesters * cell.warmup, 0);
  const storm = cell.requests.kind !== 'fresh';
  const warmupRounds = storm ? cell.containers.length * cell.warmup : 0;
  const ok = count((frame) => frame.ok) + warmups;
  const failed = count((frame) => frame.ended - frame.ok);
  const hits = count((frame) => frame.hits?.ok ?? 0) + (warmups * cell.requests.hitPercent) / 100;
  const rounds = count((frame) => frame.rounds?.count ?? 0) + warmupRounds;
  const upcalls = cell.requests.kind === 'storm-one' ? rounds : ok + failed - hits;
  const own = cell.containers.flatMap((c, i) => (c.agent === 'own' ? [agent(cell, c.name, i + 1, 4 * ms, false)] : []));
  const shared = cell.containers.some((c) => c.agent === 'shared') ? [agent(cell, null, 1, 4 * ms, false)] : [];
  return [
    { t: 'beat', mono: 2 * ms, phase: 'containers' },
    {
      t: 'cell',
      id: cell.id,
      mechanism: cell.mechanism.name,
      mono: 3 * ms,
      containers: cell.containers.map(({ name }, i) => ({
        name,
        runtime: 'crun',
        start_ns: (300 + i) * ms,
        uid: 100_000 * (i + 1),
        ns: namespaces,
      })),
    },
    ...shared,
    ...own,
    ...windows,
    {
      t: 'counters',
      cell: cell.id,
      delta: {
        helper_execs: cell.mechanism.delivery === 'helper' ? upcalls : 0,
        notified_fd_write: cell.mechanism.delivery === 'fd-write' ? upcalls : 0,
        notified_signal: cell.mechanism.delivery === 'signal' ? upcalls : 0,
        notified_fd_keyctl: cell.mechanism.delivery === 'fd-keyctl' ? upcalls : 0,
        null: cell.mechanism.route === 'null' ? upcalls : 0,
        fallback_stock: 0,
        fallback_refused: 0,
        dead: 0,
        queue_full: 0,
      },
      upcalls_ok: ok,
      upcalls_failed: failed,
      hits,
      rounds,
    },
    { t: 'keys', cell: cell.id, under_construction: 0, users: { 0: { keys: 5, bytes: 90 } } },
    { t: 'kmsg', cell: cell.id, lines: [[6, 5, 'eth0: link becomes ready']] },
  ];
}

/** A guest that was left alone, idle for a tenth of the time. */
function meterOf(cell: CellPlan, plan: WindowPlan, index: number): Unnumbered {
  const start = startOf(index);
  return {
    t: 'meter',
    cell: cell.id,
    index,
    mono_before: start - ms,
    mono_after: start + plan.ms * ms + ms,
    rx_packets: 0,
    tx_packets: 0,
    rx_bytes: 0,
    tx_bytes: 0,
    console_bytes: 0,
    kernel_log_bytes: 0,
    steal_ns: 0,
    idle_ns: (plan.ms * ms) / 10,
    context_switches: 1000,
  };
}

function agent(cell: CellPlan, container: string | null, id: number, mono: number, restart: boolean): Unnumbered {
  const { delivery } = cell.mechanism;
  return { t: 'agent', cell: cell.id, container, agent: id, pid: 1000 + id, delivery, mono, ns: namespaces, restart };
}

function startOf(index: number): number {
  return windowStart + index * 10_000 * ms;
}

type Row = [start: number, latency: number, errno: number, agent: number, worker: number];

/** Requests begin evenly over the window, in open loop at its rate, else as many as the plan allows. */
function rowsOf(plan: WindowPlan, container: ContainerPlan): Row[] {
  const fault = plan.faults?.find((each) => each.container === container.name);
  const count = plan.rate === undefined ? plan.maxRequests : Math.ceil((plan.rate * plan.ms) / 1000);
  const step = plan.rate === undefined ? Math.floor((plan.ms * ms) / plan.maxRequests) : 1e9 / plan.rate;
  return Array.from({ length: count }, (_, i): Row => {
    const at = Math.round(i * step);
    const latency = 100_000 + ((i * 37) % 100) * 1000;
    const away = fault !== undefined && at >= fault.atMs * ms && at < fault.untilMs * ms + faultDelay;
    if (!away) return [at, latency, 0, 1, 0];
    if (fault.name === 'kill-answerer') return [at, latency, enokey, 0, 0];
    return [at, fault.untilMs * ms + faultDelay - at + latency, 0, 1, 0];
  });
}

function ofWindow(cell: CellPlan, plan: WindowPlan, index: number, container: ContainerPlan): Unnumbered[] {
  const start = startOf(index);
  const fault = plan.faults?.find((each) => each.container === container.name);
  const rows = rowsOf(plan, container);
  const { kind, hitPercent } = cell.requests;
  const isHit = (i: number) => ((i + 1) * hitPercent) % 100 < hitPercent;
  const about = { cell: cell.id, index, container: container.name };
  const latencies = (failed: boolean, hit: boolean) =>
    rows.flatMap(([, l, errno], i) => ((errno !== 0) === failed && isHit(i) === hit ? [l] : []));
  const errors = latencies(true, false);
  const hits = latencies(false, true);
  const batch = plan.timing === 'batch';
  const rounds = Math.ceil(rows.length / container.requesters);
  const frames: Unnumbered[] = [
    {
      t: 'window',
      ...about,
      mono_start: start,
      mono_end: start + plan.ms * ms,
      started: rows.length,
      ended: rows.length,
      ok: rows.length - errors.length,
      ...(batch ? {} : { in_time: rows.filter(([at, l, errno]) => errno === 0 && at + l <= plan.ms * ms).length }),
      errors: errors.length > 0 ? { ENOKEY: errors.length } : {},
      wrong: 0,
      foreign_ns: 0,
      open: 0,
      twice: 0,
      late: 0,
      truncated: false,
      hist: histogramOf(batch ? [] : latencies(false, false)),
      errors_hist: errors.length > 0 ? histogramOf(errors) : null,
      ...(plan.rate === undefined
        ? {}
        : { arrivals: { late: 0, missed: 0, service_hist: histogramOf(latencies(false, false)) } }),
      ...(hitPercent === 0 ? {} : { hits: { ok: hits.length, hist: histogramOf(hits) } }),
      ...(kind === 'fresh'
        ? {}
        : { rounds: { count: rounds, hist: histogramOf(Array.from({ length: rounds }, (_, i) => ms + i * 1000)) } }),
      ...(batch ? { batch: { size: 1000, clock_reads: 2 * Math.ceil(rows.length / 1000) } } : {}),
    },
  ];
  if (plan.stages === true) frames.push(stagesOf(about, latencies(false, false)));
  if (plan.samples) {
    for (let i = 0; i < rows.length; i += maxSampleRows) {
      const last = i + maxSampleRows >= rows.length;
      const slice = rows.slice(i, i + maxSampleRows);
      frames.push({ t: 'samples', ...about, mono_start: start, fields: [...sampleFields], rows: slice, last });
    }
  }
  if (fault !== undefined) {
    const stamp = (at: number) => ({ mono_before: start + at * ms, mono_after: start + at * ms + faultWidth });
    const common = { t: 'fault', ...about, name: fault.name, pid: 77 } as const;
    frames.push({ ...common, phase: 'inject', ...stamp(fault.atMs), hits: 1 });
    if (fault.name === 'kill-answerer')
      frames.push(agent(cell, container.name, 50 + index, start + fault.untilMs * ms + faultDelay, true));
    frames.push({ ...common, phase: 'clear', ...stamp(fault.untilMs), hits: 1, gone: true });
  }
  return frames;
}

/** A tenth of each latency until the module has it, half until it has told, the rest until it is over. */
function stagesOf(about: { cell: string; index: number; container: string }, latencies: readonly number[]): Unnumbered {
  const cut = (of: (latency: number) => number) => histogramOf(latencies.map((latency) => Math.floor(of(latency))));
  const [enter, route] = [(l: number) => l / 10, (l: number) => l / 2];
  const rest = (l: number) => l - Math.floor(enter(l)) - Math.floor(route(l));
  const parts = [
    { name: 'enter' as const, hist: cut(enter) },
    { name: 'route' as const, hist: cut(route) },
    { name: 'return' as const, hist: cut(rest) },
  ];
  return { t: 'stages', ...about, requests: latencies.length, unjoined: 0, lost: 0, parts };
}
