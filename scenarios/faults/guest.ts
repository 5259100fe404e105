// SPDX-License-Identifier: MIT
/** Faults of the guest as a whole. */
import type { Fault } from './types.ts';

export const guestFaults: readonly Fault[] = [
  {
    name: 'step-clock',
    rows: [39],
    what: 'the time of day leaps ahead, and later back to where it would be',
    target: 'guest',
    by: 'window',
    needs: ['disposable'],
    amount: { unit: 's', least: 1, most: 100_000_000, usual: 3_600 },
    shade: 'another time of day',
  },
  {
    name: 'offline-cpu',
    rows: [39],
    what: 'the last processor is taken away, and later given back',
    target: 'guest',
    by: 'window',
    needs: ['disposable', 'smp-2'],
    shade: 'one processor less',
  },
  {
    name: 'fill-disk',
    rows: [40],
    what: 'the file systems that the guest writes to are full',
    target: 'guest',
    by: 'window',
    needs: ['disposable'],
    shade: 'no space left',
  },
];
