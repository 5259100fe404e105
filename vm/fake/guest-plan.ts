// SPDX-License-Identifier: MIT
/** The fake guest's reading of the plan text of docs/guest-protocol.md: as strict as the real runner's. */

export interface GuestContainer {
  readonly name: string;
  readonly requesters: number;
  readonly agent: string;
  readonly agentUid: number;
  readonly setuid: boolean;
}

export interface GuestFault {
  readonly name: 'kill-answerer' | 'stop-answerer';
  readonly container: string;
  readonly atMs: number;
  readonly untilMs: number;
}

export interface GuestWindow {
  readonly ms: number;
  readonly maxRequests: number;
  readonly samples: boolean;
  readonly batch: boolean;
  readonly rate?: number;
  fault?: GuestFault;
}

export interface GuestCell {
  readonly kind: 'cell';
  readonly id: string;
  /** mechanism, route, delivery, helper, fallback. */
  readonly words: Map<string, string>;
  /** timeout_ms, deadline_ms, backoff_us, warmup. */
  readonly numbers: Map<string, number>;
  payloadBytes: number[];
  requests: { readonly kind: string; readonly hitPercent: number };
  readonly containers: GuestContainer[];
  readonly windows: GuestWindow[];
}

export interface GuestFloor {
  readonly kind: 'floor';
  readonly name: string;
  readonly iterations: number;
}

export interface GuestPlan {
  boot: number;
  readonly steps: (GuestCell | GuestFloor)[];
}

const wordStatements = ['mechanism', 'route', 'delivery', 'helper', 'fallback'];
const numberStatements = ['timeout_ms', 'deadline_ms', 'backoff_us', 'warmup'];

/** @throws Error naming the line that is not as the protocol has it. */
export function parseGuestPlan(text: string): GuestPlan {
  const plan: GuestPlan = { boot: 0, steps: [] };
  let cell: GuestCell | undefined;
  let ended = false;
  for (const [index, line] of text.split('\n').entries()) {
    const statement = line.replace(/#.*/, '').trim();
    const fail = (): never => {
      throw new Error(`line ${index + 1}: ${statement}`);
    };
    if (statement === '') continue;
    if (index === 0) {
      if (statement !== 'keystorm-plan 2') fail();
      continue;
    }
    const words = statement.split(' ');
    const [verb = '', first = ''] = words;
    if (verb === 'run' && words.length === 1) ended = true;
    else if (verb === 'end' && cell !== undefined) cell = undefined;
    else if (cell !== undefined) cellStatement(cell, words) || fail();
    else if (verb === 'boot' && words.length === 2) plan.boot = Number(first);
    else if (verb === 'floor' && words.length === 3) {
      plan.steps.push({ kind: 'floor', name: first, iterations: Number(words[2]) });
    } else if (verb === 'cell' && words.length === 2) {
      cell = {
        kind: 'cell',
        id: first,
        words: new Map(),
        numbers: new Map(),
        payloadBytes: [],
        requests: { kind: 'fresh', hitPercent: 0 },
        containers: [],
        windows: [],
      };
      plan.steps.push(cell);
    } else fail();
  }
  if (!ended || cell !== undefined) throw new Error('the plan has no end');
  return plan;
}

/** Adds a statement to the cell; false if there is no such statement. */
function cellStatement(cell: GuestCell, words: readonly string[]): boolean {
  const [verb = '', first = ''] = words;
  if (wordStatements.includes(verb) && words.length === 2) cell.words.set(verb, first);
  else if (numberStatements.includes(verb) && words.length === 2) cell.numbers.set(verb, Number(first));
  else if (verb === 'payload_bytes' && words.length > 1) cell.payloadBytes = words.slice(1).map(Number);
  else if (verb === 'requests' && words.length === 4) {
    cell.requests = { kind: first, hitPercent: Number(words[3]) };
  } else if (verb === 'container' && words.length === 12) cell.containers.push(container(words));
  else if (verb === 'window' && words.length >= 3) {
    const rate = words.indexOf('rate');
    cell.windows.push({
      ms: Number(first),
      maxRequests: Number(words[2]),
      samples: words.includes('samples'),
      batch: words.includes('batch'),
      ...(rate < 0 ? {} : { rate: Number(words[rate + 1]) }),
    });
  } else if (verb === 'fault' && (first === 'kill-answerer' || first === 'stop-answerer') && words.length === 7)
    return addFault(cell, words);
  else return false;
  return true;
}

function container(words: readonly string[]): GuestContainer {
  const [, name = '', , requesters, , agent = '', , agentUid, , , , setuid] = words;
  return { name, requesters: Number(requesters), agent, agentUid: Number(agentUid), setuid: setuid === '1' };
}

function addFault(cell: GuestCell, words: readonly string[]): boolean {
  const window = cell.windows.at(-1);
  const [, verb, name = '', , atMs, , untilMs] = words;
  if (window === undefined) return false;
  window.fault = { name: verb as GuestFault['name'], container: name, atMs: Number(atMs), untilMs: Number(untilMs) };
  return true;
}
