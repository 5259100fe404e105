// SPDX-License-Identifier: MIT
/** The module's counters over a cell, as they would follow from its requests. */
import type { FrameOf } from '../../results/frames.ts';
import type { GuestCell } from './guest-plan.ts';
import { type ContainerLoad, isHit } from './load.ts';
import { isAgents, isForbidden, isHelpers, isRfc, routeOf } from './service.ts';

/** Counts what the containers of a cell did, warm-up included. */
export class CellCounters {
  #ok = 0;
  #failed = 0;
  #hits = 0;
  #rounds = 0;
  /** Answered, refused because the agent may not answer, or for want of an agent. */
  #answered = 0;
  #forbidden = 0;
  #dead = 0;
  #escaped = 0;
  #timeouts = 0;

  constructor(readonly cell: GuestCell) {
    const warmup = cell.numbers.get('warmup') ?? 0;
    for (const container of cell.containers) {
      const hits = Array.from({ length: warmup }, (_, k) => k).filter((k) => isHit(k, cell.requests.hitPercent)).length;
      const requests = warmup * container.requesters;
      const upcalls = cell.requests.kind === 'storm-one' ? warmup : (warmup - hits) * container.requesters;
      this.#hits += hits * container.requesters;
      if (cell.requests.kind !== 'fresh') this.#rounds += warmup;
      if (isForbidden(cell, container)) {
        this.#forbidden += upcalls;
        this.#failed += requests - hits * container.requesters;
        this.#ok += hits * container.requesters;
      } else {
        this.#answered += upcalls;
        this.#ok += requests;
      }
    }
  }

  add({ container, requests, upcalls, timeouts, rounds }: ContainerLoad): void {
    const failed = requests.filter(({ errno }) => errno !== 0).length;
    const hits = requests.filter(({ hit }) => hit).length;
    this.#ok += requests.length - failed;
    this.#failed += failed;
    this.#hits += hits;
    this.#rounds += rounds.length;
    this.#timeouts += timeouts;
    this.#escaped += requests.filter(({ escaped }) => escaped).length;
    // In a storm for one key an upcall that fails fails for all who wait for it.
    const perUpcall = this.cell.requests.kind === 'storm-one' ? container.requesters : 1;
    const refused = failed / perUpcall;
    this.#answered += upcalls - refused;
    if (isForbidden(this.cell, container)) this.#forbidden += refused;
    else this.#dead += refused - timeouts;
  }

  /** `escapes`: so often the host's helper ran though it should not. */
  body(escapes: number): Omit<FrameOf<'counters'>, 'n'> {
    const route = routeOf(this.cell);
    const counted = isAgents(this.cell) && !isRfc(this.cell);
    const told = (delivery: string) => (counted && this.cell.words.get('delivery') === delivery ? this.#answered : 0);
    const execs = isHelpers(this.cell) ? this.#answered + this.#dead : escapes + this.#escaped;
    return {
      t: 'counters',
      cell: this.cell.id,
      delta: {
        notified_signal: told('signal'),
        notified_fd_write: told('fd-write'),
        notified_fd_keyctl: told('fd-keyctl'),
        null: route === 'null' ? this.#answered : 0,
        fallback_stock: 0,
        fallback_refused: this.#forbidden,
        ineligible: this.#forbidden,
        dead: counted ? this.#dead : 0,
        timeouts: this.#timeouts,
        killed: 0,
        queue_full: 0,
        registrations: 0,
        namespace_ends: 0,
        in_flight: 0,
        helper_execs: execs,
        helper_execs_init: execs,
      },
      upcalls_ok: this.#ok,
      upcalls_failed: this.#failed,
      hits: this.#hits,
      rounds: this.#rounds,
    };
  }
}
