// SPDX-License-Identifier: MIT
/**
 * One measuring window of a cell under virtual time: requesters ask, one processor serves them in turn, and whoever answers
 * may be killed or stopped meanwhile. All times in ns from the window's start.
 */
import { type Absence, absenceOf } from './answerer.ts';
import { EventQueue } from './event-queue.ts';
import type { GuestCell, GuestContainer, GuestFault, GuestWindow } from './guest-plan.ts';
import { batchSize, enokey, isHit, type Request, type WindowOutcome } from './load.ts';
import { Processor } from './processor.ts';
import {
  clockReadNs,
  hitNs,
  isAgents,
  isForbidden,
  isHelpers,
  isRfc,
  nsOf,
  refusalNs,
  serviceOf,
  type Unit,
} from './service.ts';

interface Flight {
  readonly of: ContainerState;
  readonly worker: number;
  readonly due: number;
  readonly made: number;
  readonly hit: boolean;
  readonly escaped: boolean;
  /** Who else waits for the same key, by number. */
  readonly followers: readonly number[];
  /** Work that is left. */
  left: number;
}

type Event =
  | { readonly kind: 'free'; readonly of: ContainerState; readonly worker: number }
  | { readonly kind: 'make'; readonly of: ContainerState; readonly worker: number; readonly due: number }
  | { readonly kind: 'round'; readonly of: ContainerState }
  | { readonly kind: 'serve'; readonly flight: Flight }
  | { readonly kind: 'end'; readonly flight: Flight; readonly errno: number };

class ContainerState {
  readonly requests: Request[] = [];
  readonly rounds: number[] = [];
  upcalls = 0;
  timeouts = 0;
  late = 0;
  /** Open loop: the number of the next start. */
  next = 0;
  made = 0;
  roundStart = 0;
  inRound = 0;
  roundFailed = false;
  helperKilled = false;
  /** When its requesters storm, where a fault says so: at all other times they rest. */
  readonly storms: readonly GuestFault[] | undefined;

  constructor(
    readonly container: GuestContainer,
    readonly absence: Absence | undefined,
    /** Of each requester. */
    readonly sequence: number[],
    cell: GuestCell,
    window: GuestWindow,
  ) {
    const of = ({ faults }: GuestWindow) => faults.filter((fault) => isStormOf(fault, container));
    this.storms = cell.windows.some((each) => of(each).length > 0) ? of(window) : undefined;
  }

  isOn(at: number): boolean {
    return this.storms?.some(({ atMs, untilMs }) => at >= atMs * 1e6 && at < untilMs * 1e6) ?? true;
  }
}

function isStormOf({ name, container }: GuestFault, of: GuestContainer): boolean {
  return name === 'storm-requesters' && container === of.name;
}

/** `sequences`: how many requests each requester of each container has made before; counted on. */
export function simulate(
  cell: GuestCell,
  window: GuestWindow,
  { unit, smp, sequences }: { unit: Unit; smp: number; sequences: readonly number[][] },
): WindowOutcome {
  return new Simulation(cell, window, unit, smp, sequences).run();
}

class Simulation {
  readonly #events = new EventQueue<Event>();
  readonly #processor: Processor;
  readonly #states: readonly ContainerState[];
  readonly #ms: number;
  readonly #storm: boolean;
  #end: number;
  #now = 0;

  constructor(
    readonly cell: GuestCell,
    readonly window: GuestWindow,
    readonly unit: Unit,
    smp: number,
    sequences: readonly number[][],
  ) {
    this.#processor = new Processor(smp);
    this.#ms = window.ms * 1e6;
    this.#end = this.#ms;
    this.#storm = cell.requests.kind !== 'fresh';
    this.#states = cell.containers.map(
      (container, i) =>
        new ContainerState(
          container,
          absenceOf(container, window, cell.containers),
          sequences[i] as number[],
          cell,
          window,
        ),
    );
  }

  run(): WindowOutcome {
    for (const of of this.#states) {
      if (of.storms !== undefined) {
        for (const { atMs } of of.storms) this.#events.put(atMs * 1e6, { kind: 'round', of });
      } else if (this.#storm) this.#events.put(0, { kind: 'round', of });
      else for (const worker of of.sequence.keys()) this.#events.put(0, { kind: 'free', of, worker });
    }
    for (let next = this.#events.take(); next !== undefined; next = this.#events.take()) {
      this.#now = next.at;
      this.#happens(next.value);
    }
    return {
      loads: this.#states.map((state) => ({
        ...state,
        requests: state.requests.sort((a, b) => a.start - b.start),
        missed: this.window.rate === undefined ? 0 : this.#due() - state.made,
      })),
      end: this.#end,
      drained: Math.max(this.#now, this.#end),
      busy: this.#processor.busy,
    };
  }

  #happens(event: Event): void {
    if (event.kind === 'free') this.#isFree(event.of, event.worker);
    else if (event.kind === 'make') this.#make(event.of, event.worker, event.due);
    else if (event.kind === 'round') this.#beginRound(event.of);
    else if (event.kind === 'serve') this.#serve(event.flight);
    else this.#ended(event.flight, event.errno);
  }

  get #over(): boolean {
    return this.#now >= this.#end;
  }

  /** Every container has as many requests as its window is to have. */
  #enough(): boolean {
    const { maxRequests } = this.window;
    return this.#states.every(({ storms, requests }) => storms === undefined && requests.length >= maxRequests);
  }

  /** When start k of an open loop is due. */
  #dueAt(k: number): number {
    return Math.floor((k * 1e9) / (this.window.rate ?? 1));
  }

  /** How many starts of an open loop are due before the window is over. */
  #due(): number {
    let count = Math.ceil((this.#end * (this.window.rate ?? 0)) / 1e9);
    while (this.#dueAt(count) < this.#end) count++;
    while (count > 0 && this.#dueAt(count - 1) >= this.#end) count--;
    return Math.min(count, this.window.maxRequests);
  }

  #isFree(of: ContainerState, worker: number): void {
    if (this.#over) return;
    if (this.window.rate === undefined) {
      this.#make(of, worker, this.#now);
      return;
    }
    const due = this.#dueAt(of.next);
    if (of.next >= this.window.maxRequests || due >= this.#ms) return;
    of.next++;
    if (due < this.#now) of.late++;
    this.#events.put(Math.max(due, this.#now), { kind: 'make', of, worker, due });
  }

  #beginRound(of: ContainerState): void {
    if (this.#over || !of.isOn(this.#now)) return;
    of.roundStart = this.#now;
    of.inRound = of.sequence.length;
    of.roundFailed = false;
    const workers = [...of.sequence.keys()];
    if (this.cell.requests.kind === 'storm-one') this.#make(of, 0, this.#now, workers.slice(1));
    else for (const worker of workers) this.#make(of, worker, this.#now);
  }

  #make(of: ContainerState, worker: number, due: number, followers: readonly number[] = []): void {
    if (this.#over) return;
    const { cell } = this;
    for (const each of [worker, ...followers]) of.sequence[each] = (of.sequence[each] ?? 0) + 1;
    of.made++;
    const k = (of.sequence[worker] ?? 1) - 1;
    const hit = isHit(k, cell.requests.hitPercent);
    const timing = this.window.batch ? (k % batchSize === 0 ? 2 : 0) : 2;
    const nobody = !hit && this.#nobodyThere(of);
    const escaped = nobody && isRfc(cell);
    const flight: Flight = { of, worker, due, made: this.#now, hit, escaped, followers, left: timing * clockReadNs };
    const refused = isForbidden(cell, of.container) || (nobody && !escaped);
    if (!hit) of.upcalls++;
    flight.left += hit ? hitNs : refused ? refusalNs : serviceOf(cell, this.unit, escaped);
    if (!hit && !refused) this.#serve(flight);
    else
      this.#events.put(this.#processor.work(this.#now, flight.left), { kind: 'end', flight, errno: hit ? 0 : enokey });
  }

  /** An agent is gone until there is a new one; helpers are started anew for each request. */
  #nobodyThere({ absence }: ContainerState): boolean {
    if (absence?.how !== 'killed' || !isAgents(this.cell)) return false;
    return this.#now >= absence.from && this.#now < absence.until;
  }

  #serve(flight: Flight): void {
    const { of } = flight;
    const { absence } = of;
    const begin = this.#processor.begin(this.#now);
    const end = begin + flight.left;
    if (absence?.how === 'stopped' && begin < absence.until && end > absence.from) {
      // What of it is done by then is done; the rest waits for the answerer to go on.
      const done = Math.max(0, absence.from - begin);
      if (done > 0) this.#processor.work(this.#now, done);
      flight.left -= done;
      this.#waits(flight, absence.until);
      return;
    }
    const killed = absence?.how === 'killed' && this.#now < absence.from && end > absence.from;
    // Of the helpers only the one that was at work is hit.
    if (killed && !(isHelpers(this.cell) && of.helperKilled)) {
      of.helperKilled = true;
      if (begin < absence.from) this.#processor.work(this.#now, absence.from - begin);
      this.#events.put(absence.from, { kind: 'end', flight, errno: enokey });
      return;
    }
    this.#events.put(this.#processor.work(this.#now, flight.left), { kind: 'end', flight, errno: 0 });
  }

  /** Until the answerer goes on, or the module has waited long enough. */
  #waits(flight: Flight, until: number): void {
    const limit = flight.made + nsOf(this.cell, 'timeout_ms');
    if (until <= limit) {
      this.#events.put(until, { kind: 'serve', flight });
      return;
    }
    flight.of.timeouts++;
    this.#events.put(Math.max(limit, this.#now), { kind: 'end', flight, errno: enokey });
  }

  #ended(flight: Flight, errno: number): void {
    const { of, due, made, hit, escaped } = flight;
    const afterRestart = of.absence?.how === 'killed' && made >= of.absence.until;
    for (const worker of [flight.worker, ...flight.followers]) {
      const [latency, service] = [this.#now - due, this.#now - made];
      of.requests.push({ start: due, latency, service, errno, worker, hit, escaped, afterRestart });
    }
    const storm = this.#storm || of.storms !== undefined;
    if (!this.#over && !storm && this.#enough()) this.#end = this.#now;
    // In an open loop the rate bounds the load already.
    const pause = errno === 0 || this.window.rate !== undefined ? 0 : nsOf(this.cell, 'backoff_us');
    if (!storm) {
      this.#events.put(this.#now + pause, { kind: 'free', of, worker: flight.worker });
      return;
    }
    of.inRound -= 1 + flight.followers.length;
    of.roundFailed ||= errno !== 0;
    if (of.inRound > 0) return;
    of.rounds.push(this.#now - of.roundStart);
    // Only between rounds is it looked at whether the window is over.
    if (!this.#over && this.#enough()) this.#end = this.#now;
    this.#events.put(this.#now + (of.roundFailed ? nsOf(this.cell, 'backoff_us') : 0), { kind: 'round', of });
  }
}
