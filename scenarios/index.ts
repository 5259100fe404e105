// SPDX-License-Identifier: MIT
import { agentAnswersTwice } from './agent-answers-twice.ts';
import { agentCrashLoop } from './agent-crash-loop.ts';
import { agentGarbles } from './agent-garbles.ts';
import { agentKill } from './agent-kill.ts';
import { agentRejects } from './agent-rejects.ts';
import { agentSlow } from './agent-slow.ts';
import { agentStarved } from './agent-starved.ts';
import { agentStop } from './agent-stop.ts';
import { checkScenarios } from './checks/index.ts';
import { clockStep } from './clock-step.ts';
import { containers } from './containers.ts';
import { cpuUnplugged } from './cpu-unplugged.ts';
import { diskFull } from './disk-full.ts';
import { hammerOverhead } from './hammer-overhead.ts';
import { latency } from './latency.ts';
import { memorySqueezed } from './memory-squeezed.ts';
import { mixed } from './mixed.ts';
import { nesting } from './nesting.ts';
import { openLoop } from './open-loop.ts';
import { packetsLost } from './packets-lost.ts';
import { pidsExhausted } from './pids-exhausted.ts';
import { requesterKill } from './requester-kill.ts';
import { setuidAttack } from './setuid-attack.ts';
import { setuidControl } from './setuid-control.ts';
import { sharedAgent } from './shared-agent.ts';
import { stages } from './stages.ts';
import { stormBeside } from './storm-beside.ts';
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
  stormBeside,
  agentKill,
  agentStop,
  agentSlow,
  agentRejects,
  agentGarbles,
  agentAnswersTwice,
  agentCrashLoop,
  requesterKill,
  agentStarved,
  memorySqueezed,
  pidsExhausted,
  packetsLost,
  clockStep,
  cpuUnplugged,
  diskFull,
  setuidAttack,
  setuidControl,
  nesting,
  stages,
  hammerOverhead,
];

/** These and the checks: all that has a name as a scenario. */
export const allScenarios: readonly AnyScenario[] = [...scenarios, ...checkScenarios];
