// SPDX-License-Identifier: MIT
/** One processor of the host for each virtual one, so that the host's scheduler moves none in a measuring window. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { z } from 'zod';
import { attempt } from '../host/command.ts';
import type { Qmp } from './qmp.ts';

/** What of a host pinning depends on; tests put other hosts in. */
export interface PinningHost {
  /** Processors this process may run on, ascending. */
  readonly allowed: readonly number[];
  /** Names the core a processor belongs to: equal for those that share one. */
  readonly coreOf: (processor: number) => string;
  /** Takes a processor for ourselves among harnesses; undefined when another one has it. */
  readonly claim: (processor: number) => Promise<Claim | undefined>;
  /** Binds the thread `tid` to processors; why not, or undefined when it is done. */
  readonly bind: (tid: number, processors: readonly number[]) => Promise<string | undefined>;
}

export interface Claim {
  release(): void;
}

/** `pins[i]`: the processor of virtual processor i. Otherwise a note that says why there are none. */
export interface Pinning {
  readonly pins: readonly number[] | undefined;
  readonly note: string | undefined;
  /** Lets other harnesses have the processors; the pins themselves end with the guest. */
  release(): void;
}

/** Pins a running guest; never rejects: one that cannot be pinned is a guest still, and its description says so. */
export async function pinGuest(monitor: Qmp, boundMs: number): Promise<Pinning> {
  try {
    return await pinVcpus(vcpuThreads(await monitor.execute('query-cpus-fast', boundMs)), thisHost());
  } catch (error) {
    const note = `The virtual processors are not pinned: ${(error as Error).message}.`;
    return { pins: undefined, note, release: () => undefined };
  }
}

/** Pins the threads of the virtual processors, in their order. All or none: a half would make them differ. */
export async function pinVcpus(threads: readonly number[], host: PinningHost): Promise<Pinning> {
  const claims: Claim[] = [];
  const release = () => {
    for (const claim of claims.splice(0)) claim.release();
  };
  const without = (why: string): Pinning => {
    release();
    return { pins: undefined, note: `The virtual processors are not pinned: ${why}.`, release };
  };
  if (host.allowed.length < threads.length)
    return without(`there are ${threads.length}, and this process may use ${host.allowed.length} of the host's`);
  const pins: number[] = [];
  for (const processor of inOrder(host.allowed, host.coreOf)) {
    if (pins.length === threads.length) break;
    const claim = await host.claim(processor);
    if (claim === undefined) continue;
    claims.push(claim);
    pins.push(processor);
  }
  if (pins.length < threads.length) return without('guests of other harnesses have the processors');
  for (const [index, tid] of threads.entries()) {
    const problem = await host.bind(tid, pins.slice(index, index + 1));
    if (problem === undefined) continue;
    for (const bound of threads.slice(0, index)) await host.bind(bound, host.allowed);
    return without(problem);
  }
  return { pins, note: undefined, release };
}

/** From the last processor down, since hosts like to serve interrupts on the first; one of each core before any second. */
export function inOrder(allowed: readonly number[], coreOf: (processor: number) => string): number[] {
  const seen = new Map<string, number>();
  const ranked = [...allowed]
    .sort((a, b) => b - a)
    .map((processor) => {
      const core = coreOf(processor);
      const rank = seen.get(core) ?? 0;
      seen.set(core, rank + 1);
      return { processor, rank };
    });
  return ranked.sort((a, b) => a.rank - b.rank || b.processor - a.processor).map(({ processor }) => processor);
}

/** A list as the kernel writes it, e.g. '0-2,7'. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

const threadsSchema = z.array(z.looseObject({ 'cpu-index': z.int(), 'thread-id': z.int() }));

/** The threads in an answer to QMP's query-cpus-fast, by the number of their virtual processor. */
export function vcpuThreads(answer: unknown): number[] {
  const cpus = threadsSchema.parse(answer).sort((a, b) => a['cpu-index'] - b['cpu-index']);
  return cpus.map((cpu) => cpu['thread-id']);
}

/** The host this runs on. */
export function thisHost(): PinningHost {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    allowed: parseCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? ''),
    coreOf: (processor) => siblings(processor) ?? String(processor),
    claim: claimProcessor,
    bind: async (tid, processors) => {
      const result = await attempt('taskset', ['--cpu-list', '--pid', processors.join(','), String(tid)]);
      return result.code === 0 ? undefined : result.stderr.trim().split('\n')[0] || `taskset ended with ${result.code}`;
    },
  };
}

function siblings(processor: number): string | undefined {
  try {
    return readFileSync(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** A name without a file (an abstract Unix socket): the kernel drops it when its owner ends, however that is. */
function claimProcessor(processor: number): Promise<Claim | undefined> {
  return new Promise((resolve) => {
    const server: Server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(`\0keystorm-processor-${processor}`, () => {
      server.unref();
      resolve({ release: () => void server.close() });
    });
  });
}
