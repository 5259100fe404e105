// SPDX-License-Identifier: MIT
/** Faults of keys and keyrings, and of what is asked of them. */
import type { Fault } from './types.ts';

export const keyFaults: readonly Fault[] = [
  {
    name: 'serial-guessing',
    rows: [10],
    what: 'processes of other containers try what they can with the serial of a key under construction, and end',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'serial guessed',
  },
  {
    name: 'revoke-in-making',
    rows: [11],
    what: 'a key is revoked while it is under construction, and later unlinked',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'revoked, then unlinked',
  },
  {
    name: 'revoke-found-key',
    rows: [12],
    what: 'a key that was made is revoked, and goes when it is collected or unlinked',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'revoked, until it is gone',
  },
  {
    name: 'expire-found-key',
    rows: [12],
    what: 'a key that was made expires, and is replaced by the next request',
    target: 'requester',
    by: 'check',
    needs: [],
    shade: 'expired, until replaced',
  },
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
