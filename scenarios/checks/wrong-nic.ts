// SPDX-License-Identifier: MIT
import type { Expected } from '../../results/plan.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** One topology, asked by request_key(2) and from inside the kernel alike: is no answer wrong, and is there one for everybody? */
function topology(name: string, right: Expected, answered: Expected) {
  return {
    [`right-nic-${name}`]: right,
    [`right-nic-${name}-in-kernel`]: right,
    [`answered-${name}`]: answered,
    [`answered-${name}-in-kernel`]: answered,
  };
}

/**
 * From inside the kernel dns_query() asks with root's credentials and keeps what it gets in a cache for all: an agent of a
 * container is not eligible for that, so such a request is refused, on every route and in every topology.
 */
const refusedInKernel = Object.fromEntries(
  ['own', 'ancestor', 'two-nets'].flatMap((name) => [
    [`right-nic-${name}-in-kernel`, 'held' as const],
    [`answered-${name}-in-kernel`, 'violated' as const],
  ]),
);

/** Whoever is found by what the requester has or descends from answers out of a network that need not be the requester's. */
const foundElsewhere = withRefusal({
  ...topology('own', 'held', 'held'),
  ...topology('ancestor', 'violated', 'held'),
  ...topology('two-nets', 'violated', 'held'),
  ...refusedInKernel,
});

/** A DNS server in each network, each with an answer of its own to the same name. */
export const wrongNic: CheckScenario = {
  name: 'wrong-nic',
  question: 'Does anybody get an answer that was resolved in another network than its own?',
  partOf: 'all',
  checks: ['wrong-nic-own', 'wrong-nic-managed', 'wrong-nic-ancestor', 'wrong-nic-two-nets'],
  faults: ['answerer-in-another-network'],
  timeoutMs,
  routes: {
    // Today: the helper asks the host's server, whoever wants to know.
    init: withStock({
      ...topology('own', 'violated', 'held'),
      ...topology('ancestor', 'violated', 'held'),
      ...topology('two-nets', 'violated', 'held'),
    }),
    nsenter: withStock({
      ...topology('own', 'held', 'held'),
      ...topology('ancestor', 'held', 'held'),
      ...topology('two-nets', 'held', 'held'),
    }),
    session: foundElsewhere,
    userns: foundElsewhere,
    // Nobody but an agent of that very network may answer: where there is none, the request is rejected at the boundary.
    intercept: withRefusal({
      ...topology('own', 'held', 'held'),
      ...topology('ancestor', 'held', 'violated'),
      ...topology('two-nets', 'held', 'violated'),
      ...refusedInKernel,
      // For these the host's root is answerable, who may answer the kernel as well.
      ...topology('managed', 'held', 'held'),
    }),
    'session-rfc': { notApplicable: 'its module serves the key type user only' },
    null: noFloor,
  },
  except: { 'stock-minimal': 'its helper resolves no names' },
};
