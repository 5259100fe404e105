// SPDX-License-Identifier: MIT
/**
 * The mechanisms that can be measured. A mechanism is a route (who answers an upcall) with a delivery (how the answerer
 * is told); adding one that the guest already knows is adding a row here.
 */
import type { Mechanism } from '../../results/plan.ts';

export interface MechanismEntry {
  readonly mechanism: Mechanism;
  /** One line, for `keystorm list`. */
  readonly description: string;
  /** A floor is measured beside the mechanisms, to say how much of a latency nobody could save; it is no contender. */
  readonly floor: boolean;
  /**
   * Rough cost of one request in microseconds under TCG: for the expected time remaining that the progress display
   * shows, and for the rates at which open-loop scenarios look for saturation. Never a result, never a bound.
   */
  readonly roughRequestUs: number;
}

export const mechanisms: readonly MechanismEntry[] = [
  {
    mechanism: { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' },
    description: "today's kernel: executes keyutils' /sbin/request-key in the init namespaces",
    floor: false,
    roughRequestUs: 42_000,
  },
  {
    mechanism: { name: 'stock-minimal', route: 'init', delivery: 'helper', helper: 'minimal' },
    description: "today's kernel with a minimal static helper in place of keyutils' request-key",
    floor: false,
    roughRequestUs: 3_000,
  },
  {
    mechanism: { name: 'keyagent-signal', route: 'session', delivery: 'signal', helper: 'keyutils' },
    description: "a keyagent in the requester's session keyring, told by a realtime signal, answering with keyctl",
    floor: false,
    roughRequestUs: 330,
  },
  {
    mechanism: { name: 'keyagent-fd', route: 'session', delivery: 'fd-write', helper: 'keyutils' },
    description: "a keyagent in the requester's session keyring, reading and answering on a file descriptor",
    floor: false,
    roughRequestUs: 330,
  },
  {
    mechanism: { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' },
    description: 'floor: the kernel module instantiates the key at once, so only the key machinery is timed',
    floor: true,
    roughRequestUs: 100,
  },
];

/** The entry of that name; undefined if there is none. */
export function findMechanism(name: string): MechanismEntry | undefined {
  return mechanisms.find((entry) => entry.mechanism.name === name);
}
