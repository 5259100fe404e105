// SPDX-License-Identifier: MIT
import { agentKill } from './agent-kill.ts';
import { latency } from './latency.ts';
import { setuidAttack } from './setuid-attack.ts';
import { setuidControl } from './setuid-control.ts';
import type { Scenario } from './types.ts';

/** Every scenario, in the order of the report. */
export const scenarios: readonly Scenario[] = [latency, agentKill, setuidAttack, setuidControl];
