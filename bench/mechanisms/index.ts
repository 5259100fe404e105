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
   * Measured when no mechanism is named: today's practice, and of the agents each route with the delivery that has the fewest
   * steps, and each delivery with the route that has them. The others answer questions about pairs.
   */
  readonly byDefault: boolean;
  /**
   * Rough cost of one request in microseconds under TCG: for the expected time remaining that the progress display
   * shows, and for the rates at which open-loop scenarios look for saturation. Never a result, never a bound.
   */
  readonly roughRequestUs: number;
  /** What it does to a machine as a whole, and so to others on it, to complete "it …"; absent: it meets our containers alone. */
  readonly harm?: string;
}

const inSession = "a keyagent in the requester's session keyring";
const onUserns = "an agent with a queue on the requester's user namespace, else its parent's and so on upward";
const byFilter = "an agent whose filter matches the requester's operative namespaces";
const bySignal = 'told by a realtime signal, answering with keyctl';
const byKeyctl = 'reading requests from a file descriptor, answering with keyctl';
const byWrite = 'reading and answering on a file descriptor';

const otherHelper = "puts another helper in the place of the machine's own";

/** Agents take their time from the same work, whoever finds them and however they are told, until measured otherwise. */
const agentUs = 330;

export const mechanisms: readonly MechanismEntry[] = [
  {
    mechanism: { name: 'stock', route: 'init', delivery: 'helper', helper: 'keyutils' },
    description: "today's kernel: executes keyutils' /sbin/request-key in the init namespaces",
    floor: false,
    byDefault: true,
    roughRequestUs: 42_000,
  },
  {
    mechanism: { name: 'stock-minimal', route: 'init', delivery: 'helper', helper: 'minimal' },
    description: "today's kernel with a minimal static helper in place of keyutils' request-key",
    floor: false,
    byDefault: true,
    roughRequestUs: 3_000,
    harm: otherHelper,
  },
  {
    mechanism: { name: 'stock-nsenter', route: 'nsenter', delivery: 'helper', helper: 'nsenter' },
    description: "today's practice: a minimal helper that enters the requester's namespaces before it answers",
    floor: false,
    byDefault: false,
    roughRequestUs: 8_000,
    harm: otherHelper,
  },
  agent('keyagent-signal', 'session', 'signal', `${inSession}, ${bySignal}`, true),
  agent('keyagent-fd-keyctl', 'session', 'fd-keyctl', `${inSession}, ${byKeyctl}`, false),
  agent('keyagent-fd', 'session', 'fd-write', `${inSession}, ${byWrite}`, true),
  agent('userns-signal', 'userns', 'signal', `${onUserns}, ${bySignal}`, false),
  agent('userns-fd-keyctl', 'userns', 'fd-keyctl', `${onUserns}, ${byKeyctl}`, false),
  agent('userns-fd', 'userns', 'fd-write', `${onUserns}, ${byWrite}`, true),
  agent('intercept-signal', 'intercept', 'signal', `${byFilter}, ${bySignal}`, false),
  agent('intercept-fd-keyctl', 'intercept', 'fd-keyctl', `${byFilter}, ${byKeyctl}`, false),
  agent('intercept-fd', 'intercept', 'fd-write', `${byFilter}, ${byWrite}`, true),
  {
    ...agent(
      'keyagent-rfc',
      'session-rfc',
      'signal',
      'keyagents with the control flow of the RFC as posted: no timeout, and a dead agent means the host helper',
      false,
    ),
    harm: 'may leave processes that nobody can end',
  },
  {
    mechanism: { name: 'null-actor', route: 'null', delivery: 'none', helper: 'keyutils' },
    description: 'floor: the kernel module instantiates the key at once, so only the key machinery is timed',
    floor: true,
    byDefault: true,
    roughRequestUs: 100,
    harm: 'answers every request of the machine',
  },
];

function agent(
  name: string,
  route: Mechanism['route'],
  delivery: Mechanism['delivery'],
  description: string,
  byDefault: boolean,
): MechanismEntry {
  const mechanism = { name, route, delivery, helper: 'keyutils' } as const;
  return { mechanism, description, floor: false, byDefault, roughRequestUs: agentUs };
}

/** The entry of that name; undefined if there is none. */
export function findMechanism(name: string): MechanismEntry | undefined {
  return mechanisms.find((entry) => entry.mechanism.name === name);
}

/** What is measured when no mechanism is named, the floor among them. */
export const defaultMechanisms = mechanisms.filter(({ byDefault }) => byDefault).map((entry) => entry.mechanism.name);
