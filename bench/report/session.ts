// SPDX-License-Identifier: MIT
/** All windows of a cell one after the other, where faults come and go from window to window: a session rather than a sample. */
import { type CellView, hitsOf, rolesOf, type WindowView } from '../../results/cell-view.ts';
import type { Shade, TimedRequest } from './plot/time-chart.ts';

export interface SessionRole {
  readonly role: string;
  /** Start in s from the session's, latency in ns; null for a request that failed or never ended. */
  readonly requests: readonly TimedRequest[];
  /** Answered in a second, of each window, in the middle of it. */
  readonly served: readonly { readonly x: number; readonly y: number }[];
  /** How often which errno came. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface Session {
  readonly boot: number;
  readonly seconds: number;
  readonly roles: readonly SessionRole[];
  /** Without names: there are too many to be written. */
  readonly shades: readonly Shade[];
  /** Faults that hit something, with how often. */
  readonly hits: ReadonlyMap<string, number>;
}

/** Fewer windows with faults are drawn one by one. */
const leastFaultyWindows = 3;

/** Of the first boot in which every request is known; null for a cell that is no session. */
export function sessionOf(views: readonly CellView[]): Session | null {
  for (const view of views) {
    const known = view.windows.filter(({ requests, frame }) => requests !== null && frame !== null);
    const faulty = new Set(known.flatMap(({ index, faults }) => (faults.length > 0 ? [index] : [])));
    if (faulty.size >= leastFaultyWindows) return session(view, known);
  }
  return null;
}

function session(view: CellView, windows: readonly WindowView[]): Session {
  const start = Math.min(...windows.map(({ frame }) => frame?.mono_start ?? 0));
  const end = Math.max(...windows.map(({ frame }) => frame?.mono_end ?? 0));
  const seconds = (mono: number) => (mono - start) / 1e9;
  const seen = new Set(windows.flatMap(({ faults }) => faults));
  const hits = new Map<string, number>();
  for (const fault of seen) hits.set(fault.plan.name, (hits.get(fault.plan.name) ?? 0) + (hitsOf(fault) ?? 0));
  return {
    boot: view.boot.plan.index,
    seconds: seconds(end),
    roles: rolesOf(view.cell).map((role) => ofRole(role, windows, seconds)),
    shades: [...seen].flatMap(({ inject, clear }) =>
      inject === null
        ? []
        : [{ from: seconds(inject.mono_before), to: seconds((clear ?? inject).mono_after), name: '' }],
    ),
    hits,
  };
}

function ofRole(role: string, windows: readonly WindowView[], seconds: (mono: number) => number): SessionRole {
  const own = windows.filter(({ container }) => container.role === role);
  const errors: Record<string, number> = {};
  const served = new Map<number, { readonly x: number; y: number }>();
  for (const { frame, index } of own) {
    if (frame === null) continue;
    for (const [errno, count] of Object.entries(frame.errors)) errors[errno] = (errors[errno] ?? 0) + count;
    const rate = (frame.in_time ?? frame.ok) / ((frame.mono_end - frame.mono_start) / 1e9);
    const here = served.get(index) ?? { x: seconds((frame.mono_start + frame.mono_end) / 2), y: 0 };
    served.set(index, { x: here.x, y: here.y + rate });
  }
  const requests = own.flatMap(({ requests: all }) =>
    (all ?? []).map(({ start, end, errno }) => ({
      x: seconds(start),
      y: end === null || errno !== 0 ? null : Math.max(1, end - start),
    })),
  );
  return { role, requests, served: [...served.values()].sort((a, b) => a.x - b.x), errors };
}
