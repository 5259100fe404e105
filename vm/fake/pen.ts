// SPDX-License-Identifier: MIT
import type { Frame, FrameOf, FrameType, Namespaces } from '../../results/frames.ts';
import type { MisbehaviourKind } from './misbehaviour.ts';

/** A frame before the runner has numbered it. */
export type Body = { [T in FrameType]: Omit<FrameOf<T>, 'n'> }[FrameType];

/** Something that happens `afterMs` after what went before. */
export type GuestEvent =
  | { readonly afterMs: number; readonly kind: 'frame'; readonly body: Body }
  /** Here the machine does what its script says. */
  | { readonly afterMs: number; readonly kind: 'misbehave'; readonly what: MisbehaviourKind };

/** What the runner writes with: its clock, and the numbers that are unique in a boot. */
export class Pen {
  /** The guest's CLOCK_MONOTONIC in ns: the sum of the times of all that was written. */
  mono = 5_000_000_000;
  #agents = 0;
  #namespaces = initNamespace;

  /** A frame that is written when another `afterMs` have passed. */
  frame(afterMs: number, body: Body): GuestEvent {
    this.mono += Math.round(afterMs * 1e6);
    return { afterMs, kind: 'frame', body };
  }

  misbehave(afterMs: number, what: MisbehaviourKind): GuestEvent {
    this.mono += Math.round(afterMs * 1e6);
    return { afterMs, kind: 'misbehave', what };
  }

  nextAgent(): number {
    return ++this.#agents;
  }

  nextNamespaces(): Namespaces {
    this.#namespaces += 10;
    return namespacesFrom(this.#namespaces);
  }
}

const initNamespace = 4_026_531_830;
export const initNamespaces = namespacesFrom(initNamespace);

function namespacesFrom(first: number): Namespaces {
  return {
    user: first,
    net: first + 1,
    mnt: first + 2,
    pid: first + 3,
    uts: first + 4,
    ipc: first + 5,
    cgroup: first + 6,
  };
}

/** A frame with its number, which stands where the real runner has it: right after the type. */
export function numbered(n: number, body: Body): Frame {
  return Object.assign({ t: body.t, n }, body) as Frame;
}
