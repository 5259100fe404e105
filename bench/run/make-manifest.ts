// SPDX-License-Identifier: MIT
import { type Manifest, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import type { Shard } from '../../results/shards.ts';
import { describeHost, describeTool } from './host.ts';
import { runIdOf } from './run-folder.ts';

/** Of a run that begins now in `dir`; `repro`: the command line that repeats it; `shard`: only this part of the plan is done. */
export function makeManifest(plan: Plan, repro: string, dir: string, createdAt: Date, shard?: Shard): Manifest {
  return {
    schema: runSchemaName,
    runId: runIdOf(dir),
    createdAt: createdAt.toISOString(),
    tool: describeTool(),
    plan,
    host: describeHost(),
    seed: plan.seed,
    repro,
    ...(shard === undefined ? {} : { shard }),
  };
}
