// SPDX-License-Identifier: MIT
/**
 * Closed-loop requesters against made-up mechanisms: plausible in shape and order of magnitude, and nothing more.
 * No figure from here may ever be shown without the word fake.
 */
import type { GuestCell, GuestContainer, GuestWindow } from './guest-plan.ts';

/** A source of numbers from 0 to 1 (excluded). */
export type Unit = () => number;

/** One request; times in ns, `start` relative to the window's. `errno` 0 is an answer. */
export interface Request {
  readonly start: number;
  readonly latency: number;
  readonly errno: number;
  readonly worker: number;
  /** It was answered after the fault was cleared. */
  readonly afterRestart: boolean;
}

export const enokey = 126;

/** Medians in ns. */
const medians: Readonly<Record<string, number>> = {
  'init keyutils': 36_000_000,
  'init minimal': 3_000_000,
  'session signal': 170_000,
  'session fd-write': 155_000,
  'null none': 60_000,
};
const refusalNs = 40_000;

/** True when the module must refuse to let this container's agent answer its requester. */
export function isForbidden(cell: GuestCell, container: GuestContainer): boolean {
  return cell.words.get('route') === 'session' && container.setuid && container.agentUid !== 0;
}

/** A latency with a long right tail, around the mechanism's median times the number of those who share the processor. */
function draw(cell: GuestCell, unit: Unit): number {
  const route = cell.words.get('route') ?? '';
  const how = cell.words.get(route === 'init' ? 'helper' : 'delivery') ?? '';
  const median = medians[`${route} ${how}`] ?? 1_000_000;
  const sharing = cell.containers.reduce((sum, container) => sum + container.requesters, 0);
  const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return Math.round(median * sharing * Math.exp(0.15 * normal));
}

/** All requests of one container in one window, in order of their start. */
export function requestsOf(cell: GuestCell, container: GuestContainer, window: GuestWindow, unit: Unit): Request[] {
  const backoff = (cell.numbers.get('backoff_us') ?? 0) * 1_000;
  const end = window.ms * 1e6;
  const fault = window.fault?.container === container.name ? window.fault : undefined;
  const served = cell.words.get('route') !== 'session';
  const times = Array.from({ length: container.requesters }, () => 0);
  const requests: Request[] = [];
  let helperKilled = false;
  while (requests.length < window.maxRequests) {
    const start = Math.min(...times);
    if (start >= end) break;
    const worker = times.indexOf(start);
    let latency = draw(cell, unit);
    let errno = isForbidden(cell, container) ? enokey : 0;
    if (fault !== undefined) {
      const [killed, restarted] = [fault.atMs * 1e6, fault.untilMs * 1e6];
      const hit = start < killed && start + latency >= killed;
      // An agent is gone until it is restarted; of the helpers only the one that was killed.
      if (served ? hit && !helperKilled : hit || (start >= killed && start < restarted)) {
        helperKilled = true;
        errno = enokey;
        latency = hit ? killed - start : refusalNs;
      }
    }
    if (errno !== 0 && fault === undefined) latency = refusalNs;
    latency = Math.round(latency);
    const afterRestart = fault !== undefined && start >= fault.untilMs * 1e6;
    requests.push({ start: Math.round(start), latency, errno, worker, afterRestart });
    times[worker] = start + latency + (errno === 0 ? 0 : backoff);
  }
  return requests;
}
