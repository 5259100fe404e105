// SPDX-License-Identifier: MIT
/** Faults of what a container may have. */
import type { Fault } from './types.ts';

export const resourceFaults: readonly Fault[] = [
  {
    name: 'starve-answerer',
    rows: [37],
    what: 'the agent of a container gets a small part of a processor (cpu.max)',
    target: 'agent',
    by: 'window',
    needs: ['agents'],
    amount: { unit: '‰ of a processor', least: 10, most: 1000, usual: 20 },
    leastRate: 300,
    shade: 'starved',
  },
  {
    name: 'exhaust-pids',
    rows: [37],
    what: 'a container may have no more processes than it has (pids.max)',
    target: 'container',
    by: 'window',
    needs: [],
    shade: 'no more processes',
  },
  {
    name: 'squeeze-memory',
    rows: [27, 37],
    what: 'a container may have little memory (memory.max), and its agent takes more and more until the kernel kills it',
    target: 'container',
    by: 'window',
    needs: ['agents'],
    amount: { unit: 'MiB', least: 4, most: 1024, usual: 8 },
    leastMs: 1_500,
    shade: 'leaks, and is killed for it',
  },
  {
    name: 'lose-packets',
    rows: [38],
    what: 'the agent of a container fetches a credential for each answer, and packets on the way to its server are lost',
    target: 'agent',
    by: 'window',
    needs: ['agents'],
    amount: { unit: '%', least: 1, most: 100, usual: 50 },
    shade: 'its packets are lost',
  },
];
