// SPDX-License-Identifier: MIT
/**
 * The frames a guest would send of a plan if all went well: every request answered within a tenth of a millisecond or so,
 * save for the victim of a killed agent, whose requests fail with ENOKEY until the new agent is there.
 */
import { type Frame, maxSampleRows, protocolVersion, sampleFields } from '../frames.ts';
import { histogramOf } from '../histogram-data.ts';
import type { BootPlan, CellPlan, ContainerPlan, Plan, WindowPlan } from '../plan.ts';

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

function framesOfCell(cell: CellPlan): Unnumbered[] {
  const windows = cell.windows.flatMap((window, index) =>
    cell.containers.flatMap((c) => ofWindow(cell, window, index, c)),
  );
  const count = (field: 'ok' | 'ended') =>
    windows.reduce((sum, frame) => sum + (frame.t === 'window' ? frame[field] : 0), 0);
  const warmups = cell.containers.reduce((sum, { requesters }) => sum + requesters * cell.warmup, 0);
  const ok = count('ok') + warmups;
  const failed = count('ended') - count('ok');
  const execs = cell.mechanism.route === 'init' ? ok + failed : 0;
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
    ...cell.containers.flatMap((c, i) => (c.agent === 'own' ? [agent(cell, c.name, i + 1, 4 * ms, false)] : [])),
    ...windows,
    {
      t: 'counters',
      cell: cell.id,
      delta: { helper_execs: execs, fallback_stock: 0 },
      upcalls_ok: ok,
      upcalls_failed: failed,
    },
    { t: 'keys', cell: cell.id, under_construction: 0, users: { 0: { keys: 5, bytes: 90 } } },
    { t: 'kmsg', cell: cell.id, lines: [[6, 5, 'eth0: link becomes ready']] },
  ];
}

function agent(cell: CellPlan, container: string, id: number, mono: number, restart: boolean): Unnumbered {
  const { delivery } = cell.mechanism;
  return { t: 'agent', cell: cell.id, container, agent: id, pid: 1000 + id, delivery, mono, ns: namespaces, restart };
}

function ofWindow(cell: CellPlan, plan: WindowPlan, index: number, container: ContainerPlan): Unnumbered[] {
  const start = windowStart + index * 10_000 * ms;
  const fault = plan.fault?.container === container.name ? plan.fault : undefined;
  const step = Math.floor((plan.ms * ms) / plan.maxRequests);
  const rows = Array.from({ length: plan.maxRequests }, (_, i): [number, number, number, number, number] => {
    const at = i * step;
    const dead = fault !== undefined && at >= fault.atMs * ms && at < fault.untilMs * ms + faultDelay;
    return [at, 100_000 + ((i * 37) % 100) * 1000, dead ? enokey : 0, dead ? 0 : 1, 0];
  });
  const about = { cell: cell.id, index, container: container.name };
  const latencies = (failed: boolean) => rows.flatMap(([, l, errno]) => ((errno !== 0) === failed ? [l] : []));
  const errors = latencies(true);
  const frames: Unnumbered[] = [
    {
      t: 'window',
      ...about,
      mono_start: start,
      mono_end: start + plan.ms * ms,
      started: rows.length,
      ended: rows.length,
      ok: rows.length - errors.length,
      errors: errors.length > 0 ? { ENOKEY: errors.length } : {},
      wrong: 0,
      foreign_ns: 0,
      open: 0,
      twice: 0,
      late: 0,
      truncated: false,
      hist: histogramOf(latencies(false)),
      errors_hist: errors.length > 0 ? histogramOf(errors) : null,
    },
  ];
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
    frames.push(agent(cell, container.name, 50 + index, start + fault.untilMs * ms + faultDelay, true));
    frames.push({ ...common, phase: 'clear', ...stamp(fault.untilMs), hits: 1 });
  }
  return frames;
}
