// SPDX-License-Identifier: MIT
/** A window of a container as the frames tell it. */
import type { FrameOf } from '../../results/frames.ts';
import { histogramOf } from '../../results/histogram-data.ts';
import type { GuestCell, GuestWindow } from './guest-plan.ts';
import { batchSize, type ContainerLoad, type Request, type WindowOutcome } from './load.ts';
import { nsOf } from './service.ts';

export const rowsPerFrame = 2_000;
/** Idle and stolen time are counted in such steps, as /proc/stat does. */
const tickNs = 10_000_000;
/** A window that takes longer to drain is metered up to here: then the runner's heart beats, which crosses the border. */
const beatsAfterNs = 500_000_000;

/** In the place of an agent's id: nobody was asked. */
const noAgent = -1;

/** What a window is about, and the guest's time at its start. */
export interface WindowPlace {
  readonly cell: GuestCell;
  readonly index: number;
  readonly window: GuestWindow;
  readonly monoStart: number;
}

/** What is to be wrong with the answers. */
export interface Flaws {
  readonly wrong: number;
  /** All answers come from the init namespaces. */
  readonly foreign: boolean;
}

export function windowBody(
  { cell, index, window, monoStart }: WindowPlace,
  load: ContainerLoad,
  end: number,
  { wrong, foreign }: Flaws,
): Omit<FrameOf<'window'>, 'n'> {
  const { requests } = load;
  const upcalls = requests.filter(({ errno, hit }) => errno === 0 && !hit);
  const hits = requests.filter(({ errno, hit }) => errno === 0 && hit);
  const failed = requests.filter(({ errno }) => errno !== 0);
  const timed = (values: readonly number[]) => histogramOf(window.batch ? [] : values);
  const ok = upcalls.length + hits.length;
  const escaped = upcalls.filter((each) => each.escaped).length;
  const inTime = requests.filter(({ errno, start, latency }) => errno === 0 && start + latency <= end);
  return {
    t: 'window',
    cell: cell.id,
    index,
    container: load.container.name,
    mono_start: monoStart,
    mono_end: monoStart + end,
    started: requests.length,
    ended: requests.length,
    ok,
    ...(window.batch ? {} : { in_time: inTime.length }),
    errors: failed.length === 0 ? {} : { ENOKEY: failed.length },
    wrong: Math.min(wrong + escaped, ok),
    foreign_ns: foreign ? upcalls.length : escaped,
    open: 0,
    twice: 0,
    late: requests.filter(({ latency }) => latency > nsOf(cell, 'deadline_ms')).length,
    truncated: false,
    hist: timed(upcalls.map(({ latency }) => latency)),
    errors_hist: failed.length === 0 ? null : histogramOf(failed.map(({ latency }) => latency)),
    ...occasional(cell, window, load, { upcalls, hits }),
  };
}

/** The fields that are there only where the plan asks for them. */
function occasional(
  cell: GuestCell,
  window: GuestWindow,
  { requests, rounds, late, missed }: ContainerLoad,
  { upcalls, hits }: { upcalls: readonly Request[]; hits: readonly Request[] },
): Pick<FrameOf<'window'>, 'arrivals' | 'hits' | 'rounds' | 'batch'> {
  const workers = byWorker(requests);
  const reads = [...workers.values()].reduce((sum, made) => sum + 2 * Math.ceil(made / batchSize), 0);
  return {
    ...(window.rate === undefined
      ? {}
      : { arrivals: { late, missed, service_hist: histogramOf(upcalls.map(({ service }) => service)) } }),
    ...(cell.requests.hitPercent === 0
      ? {}
      : { hits: { ok: hits.length, hist: histogramOf(hits.map(({ latency }) => latency)) } }),
    ...(cell.requests.kind === 'fresh' ? {} : { rounds: { count: rounds.length, hist: histogramOf(rounds) } }),
    ...(window.batch ? { batch: { size: batchSize, clock_reads: reads } } : {}),
  };
}

/** How many requests each worker made. */
function byWorker(requests: readonly Request[]): Map<number, number> {
  const made = new Map<number, number>();
  for (const { worker } of requests) made.set(worker, (made.get(worker) ?? 0) + 1);
  return made;
}

/** Nothing crosses this guest's border, and no host takes anything from it. */
export function meterBody(
  { cell, index, monoStart }: WindowPlace,
  { loads, end, drained, busy }: WindowOutcome,
  smp: number,
): Omit<FrameOf<'meter'>, 'n'> {
  const metered = Math.min(drained, end + beatsAfterNs);
  const idle = Math.max(0, metered * smp - busy);
  return {
    t: 'meter',
    cell: cell.id,
    index,
    mono_before: monoStart,
    mono_after: monoStart + metered,
    rx_packets: 0,
    tx_packets: 0,
    rx_bytes: 0,
    tx_bytes: 0,
    console_bytes: 0,
    kernel_log_bytes: 0,
    steal_ns: 0,
    idle_ns: Math.floor(idle / tickNs) * tickNs,
    context_switches: 2 * loads.reduce((sum, { upcalls }) => sum + upcalls, 0),
  };
}

/** `agents`: id of whoever answers before, and after, a fault's end. */
export function* samplesBodies(
  { cell, index, monoStart }: WindowPlace,
  { container, requests }: ContainerLoad,
  agents: { readonly before: number; readonly after: number },
): Generator<Omit<FrameOf<'samples'>, 'n'>> {
  for (let from = 0; from === 0 || from < requests.length; from += rowsPerFrame) {
    const rows = requests.slice(from, from + rowsPerFrame).map((each): [number, number, number, number, number] => {
      const answerer = each.afterRestart ? agents.after : agents.before;
      const agent = each.hit ? noAgent : each.errno === 0 ? answerer : 0;
      return [each.start, each.latency, each.errno, agent, each.worker];
    });
    yield {
      t: 'samples',
      cell: cell.id,
      index,
      container: container.name,
      mono_start: monoStart,
      fields: ['start', 'latency', 'errno', 'agent', 'worker'],
      rows,
      last: from + rowsPerFrame >= requests.length,
    };
  }
}
