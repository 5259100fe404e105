// SPDX-License-Identifier: MIT
/** The fake guest's reading of the plan text of docs/guest-protocol.md: as strict as the real runner's. */
import { maxFaults } from '../../results/plan.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { isAgents } from './service.ts';

export interface GuestContainer {
  readonly name: string;
  readonly requesters: number;
  readonly agent: string;
  readonly agentUid: number;
  readonly setuid: boolean;
  readonly depth: number;
}

export interface GuestFault {
  readonly name: string;
  /** 'guest': the guest as a whole. */
  readonly container: string;
  readonly atMs: number;
  readonly untilMs: number;
}

export interface GuestWindow {
  readonly ms: number;
  readonly maxRequests: number;
  readonly samples: boolean;
  readonly batch: boolean;
  readonly stages: boolean;
  readonly rate?: number;
  readonly faults: GuestFault[];
}

export interface GuestCell {
  readonly kind: 'cell';
  readonly id: string;
  /** mechanism, route, delivery, helper, fallback. */
  readonly words: Map<string, string>;
  /** timeout_ms, deadline_ms, backoff_us, agent_delay_ns, path_instructions, warmup. */
  readonly numbers: Map<string, number>;
  payloadBytes: number[];
  requests: { readonly kind: string; readonly hitPercent: number };
  readonly containers: GuestContainer[];
  readonly windows: GuestWindow[];
}

export interface GuestChecks {
  readonly kind: 'checks';
  readonly id: string;
  /** As of a cell. */
  readonly words: Map<string, string>;
  readonly numbers: Map<string, number>;
  readonly checks: string[];
}

export interface GuestFloor {
  readonly kind: 'floor';
  readonly name: string;
  readonly iterations: number;
}

export interface GuestPlan {
  boot: number;
  readonly steps: (GuestCell | GuestChecks | GuestFloor)[];
}

const wordStatements = ['mechanism', 'route', 'delivery', 'helper', 'fallback'];
const numberStatements = ['timeout_ms', 'deadline_ms', 'backoff_us', 'agent_delay_ns', 'path_instructions', 'warmup'];

/** @throws Error naming the line that is not as the protocol has it. */
export function parseGuestPlan(text: string): GuestPlan {
  const plan: GuestPlan = { boot: 0, steps: [] };
  let cell: GuestCell | GuestChecks | undefined;
  let ended = false;
  for (const [index, line] of text.split('\n').entries()) {
    const statement = line.replace(/#.*/, '').trim();
    const where = `line ${index + 1}: ${statement}`;
    if (statement === '') continue;
    if (index === 0) {
      if (statement !== 'keystorm-plan 4') refuse(where);
      continue;
    }
    const words = statement.split(' ');
    const [verb = '', first = ''] = words;
    if (verb === 'run' && words.length === 1) ended = true;
    else if (verb === 'end' && cell !== undefined) cell = undefined;
    else if (cell?.kind === 'cell') cellStatement(cell, words) || refuse(where);
    else if (cell?.kind === 'checks') checksStatement(cell, words) || refuse(where);
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
    } else if (verb === 'checks' && words.length === 2) {
      cell = { kind: 'checks', id: first, words: new Map(), numbers: new Map(), checks: [] };
      plan.steps.push(cell);
    } else refuse(where);
  }
  if (!ended || cell !== undefined) throw new Error('the plan has no end');
  return plan;
}

function refuse(what: string): never {
  throw new Error(what);
}

/** Adds a statement to the cell; false if there is no such statement, or it does not go with those before it. */
function cellStatement(cell: GuestCell, words: readonly string[]): boolean {
  const [verb] = words;
  if (isSetting(cell, words)) return true;
  if (verb === 'payload_bytes' && words.length > 1) return setPayload(cell, words.slice(1));
  if (verb === 'requests' && words.length === 4 && words[2] === 'hit_percent') return setRequests(cell, words);
  if (verb === 'container' && (words.length === 12 || words.length === 14)) return addContainer(cell, words);
  if (verb === 'window') return addWindow(cell, words.slice(1));
  return verb === 'fault' && (words.length === 7 || words.length === 9) && addFault(cell, words);
}

/** Likewise of a block of checks. */
function checksStatement(block: GuestChecks, words: readonly string[]): boolean {
  const [verb, name = ''] = words;
  if (verb !== 'check' || words.length !== 2) return isSetting(block, words);
  block.checks.push(name);
  return true;
}

/** Takes a statement of one word or number. */
function isSetting({ words, numbers }: GuestCell | GuestChecks, [verb = '', first = '', ...more]: readonly string[]) {
  if (more.length > 0) return false;
  if (wordStatements.includes(verb)) words.set(verb, first);
  else if (numberStatements.includes(verb) && isNumber(first)) numbers.set(verb, Number(first));
  else return false;
  return true;
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,9}$/.test(word);
}

function setPayload(cell: GuestCell, sizes: readonly string[]): boolean {
  cell.payloadBytes = sizes.map(Number);
  return sizes.length <= 8 && cell.payloadBytes.every((size) => size >= 256 && size <= 1024);
}

function setRequests(cell: GuestCell, [, kind = '', , percent]: readonly string[]): boolean {
  cell.requests = { kind, hitPercent: Number(percent) };
  const known = kind === 'fresh' || kind === 'storm-distinct' || kind === 'storm-one';
  return known && isNumber(percent) && Number(percent) <= (kind === 'fresh' ? 99 : 0);
}

function addContainer(cell: GuestCell, words: readonly string[]): boolean {
  const [, name = '', , requesters, , agent = '', , agentUid, , , , setuid, below = 'depth', depth = '0'] = words;
  cell.containers.push({
    name,
    requesters: Number(requesters),
    agent,
    agentUid: Number(agentUid),
    setuid: setuid === '1',
    depth: Number(depth),
  });
  if (below !== 'depth' || !isNumber(depth) || Number(depth) > 32 || (Number(depth) > 0 && setuid === '1'))
    return false;
  return isNumber(requesters) && (agent === 'none' || (isAgents(cell) && (agent === 'own' || agent === 'shared')));
}

/** `MS N [samples] [batch] [stages] [rate R]`; what cannot be measured together is refused. */
function addWindow(cell: GuestCell, [ms, maxRequests, ...options]: readonly string[]): boolean {
  const rest = new Set(options);
  const rate = options.indexOf('rate');
  if (rate >= 0 && isNumber(options[rate + 1])) {
    rest.delete('rate');
    rest.delete(options[rate + 1] as string);
  }
  const samples = rest.delete('samples');
  const batch = rest.delete('batch');
  const stages = rest.delete('stages');
  const storm = cell.requests.kind !== 'fresh';
  cell.windows.push({
    ms: Number(ms),
    maxRequests: Number(maxRequests),
    samples,
    batch,
    stages,
    faults: [],
    ...(rate < 0 ? {} : { rate: Number(options[rate + 1]) }),
  });
  const apart =
    (batch && (samples || stages || rate >= 0 || storm || cell.requests.hitPercent > 0)) ||
    ((rate >= 0 || stages) && storm);
  return rest.size === 0 && isNumber(ms) && Number(ms) <= 5000 && isNumber(maxRequests) && !apart;
}

function addFault(cell: GuestCell, words: readonly string[]): boolean {
  const window = cell.windows.at(-1);
  const [, fault, name = '', , atMs, , untilMs, word = 'amount', amount = '0'] = words;
  const known = faults.find((each) => each.name === fault && each.by === 'window');
  if (window === undefined || window.batch || known === undefined) return false;
  window.faults.push({ name: known.name, container: name, atMs: Number(atMs), untilMs: Number(untilMs) });
  const there = known.target === 'guest' ? name === 'guest' : cell.containers.some((each) => each.name === name);
  const possible = isAgents(cell) || !known.needs.includes('agents');
  return there && possible && word === 'amount' && /^-?\d{1,9}$/.test(amount) && window.faults.length <= maxFaults;
}
