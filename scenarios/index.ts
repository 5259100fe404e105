// SPDX-License-Identifier: MIT
import { agentKill } from './agent-kill.ts';
import { agentStop } from './agent-stop.ts';
import { checkScenarios } from './checks/index.ts';
import { containers } from './containers.ts';
import { hammerOverhead } from './hammer-overhead.ts';
import { latency } from './latency.ts';
import { mixed } from './mixed.ts';
import { nesting } from './nesting.ts';
import { openLoop } from './open-loop.ts';
import { setuidAttack } from './setuid-attack.ts';
import { setuidControl } from './setuid-control.ts';
import { sharedAgent } from './shared-agent.ts';
import { stages } from './stages.ts';
import { stormDistinctKeys } from './storm-distinct-keys.ts';
import { stormOneKey } from './storm-one-key.ts';
import type { AnyScenario, Scenario } from './types.ts';

/** Every scenario with a load, in the order of the report. */
export const scenarios: readonly Scenario[] = [
  latency,
  openLoop,
  containers,
  sharedAgent,
  mixed,
  stormOneKey,
  stormDistinctKeys,
  agentKill,
  agentStop,
  setuidAttack,
  setuidControl,
  nesting,
  stages,
  hammerOverhead,
];

/** These and the checks: all that has a name as a scenario. */
export const allScenarios: readonly AnyScenario[] = [...scenarios, ...checkScenarios];
