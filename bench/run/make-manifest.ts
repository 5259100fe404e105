// SPDX-License-Identifier: MIT
import { type Manifest, type Pair, runSchemaName } from '../../results/manifest.ts';
import type { Plan } from '../../results/plan.ts';
import type { Shard } from '../../results/shards.ts';
import { describeHost, describeTool } from './host.ts';
import { runIdOf } from './run-folder.ts';

/** `shard`: only this part of the plan is done; `pair`: in turn with another run. */
export interface RunKind {
  readonly shard?: Shard | undefined;
  readonly pair?: Pair | undefined;
}

/** Of a run that begins now in `dir`; `repro`: the command line that repeats it. */
export function makeManifest(
  plan: Plan,
  repro: string,
  dir: string,
  createdAt: Date,
  { shard, pair }: RunKind = {},
): Manifest {
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
    ...(pair === undefined ? {} : { pair }),
  };
}
