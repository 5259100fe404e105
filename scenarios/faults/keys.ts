// SPDX-License-Identifier: MIT
/** Faults of keys and keyrings, and of what is asked of them. */
import type { Fault } from './types.ts';

export const keyFaults: readonly Fault[] = [
  {
    name: 'keyring-not-writable',
    rows: [30],
    what: 'the keyring that a key is to go to loses its write permission, and later gets it back',
    target: 'container',
    by: 'check',
    needs: [],
    shade: 'not writable, then writable again',
  },
  {
    name: 'arguments-out-of-range',
    rows: [31],
    what: 'keys are asked for with too much callout information, of a type of the kernel’s own and of none that there is',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'asked for with bad arguments',
  },
  {
    name: 'join-by-name',
    rows: [33],
    what: 'processes outside a container join its session keyring by name, and end',
    target: 'container',
    by: 'check',
    needs: [],
    shade: 'session joined by name',
  },
];
