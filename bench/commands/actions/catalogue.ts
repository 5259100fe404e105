// SPDX-License-Identifier: MIT
/** Everything that has a name a user can type, found anew each time: for `list`, and for what a shell completes. */
import path from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../../../results/manifest.ts';
import { readRun } from '../../../results/run-reader.ts';
import { shardName } from '../../../results/shards.ts';
import { faultsIn } from '../../../scenarios/faults/in-scenario.ts';
import { faults } from '../../../scenarios/faults/index.ts';
import { needs, targets } from '../../../scenarios/faults/types.ts';
import { allScenarios } from '../../../scenarios/index.ts';
import { type Part, parts } from '../../../scenarios/types.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { cachedKernels, kernelEntries } from '../../../vm/image/kernels.ts';
import { mechanisms } from '../../mechanisms/index.ts';
import { examplesDir, runFoldersIn, standardRunsDir } from '../../run/run-folder.ts';
import { cellsAndChecks, count } from '../../words.ts';
import type { ListName } from '../list-names.ts';

const named = { name: z.string(), description: z.string() };
const runSchema = z.strictObject({
  ...named,
  path: z.string(),
  /** Null: the folder cannot be read, and the description says why. */
  status: z.enum(['complete', 'incomplete', 'aborted']).nullable(),
});

/** What `list --json` prints, restricted to what was asked for. */
export const listSchema = z.strictObject({
  schema: z.literal('keystorm/list/1'),
  mechanisms: z.array(z.strictObject({ ...named, floor: z.boolean() })).optional(),
  scenarios: z
    .array(
      z.strictObject({
        ...named,
        /** In which runs it is without being named: 'quick' in all, 'bench', 'all' with --scenario all, 'itself' in none. */
        partOf: z.enum(parts),
        faults: z.array(z.string()),
      }),
    )
    .optional(),
  faults: z
    .array(
      z.strictObject({
        ...named,
        /** Numbers of what an upcall path must survive. */
        rows: z.array(z.int()),
        /** What it is done to. */
        target: z.enum(targets),
        /** Without which it cannot be done. */
        needs: z.array(z.enum(needs)),
        scenarios: z.array(z.string()),
      }),
    )
    .optional(),
  kernels: z
    .array(
      z.strictObject({
        ...named,
        release: z.string(),
        version: z.string(),
        /** What is booted is in the cache: no mirror is needed. */
        cached: z.boolean(),
      }),
    )
    .optional(),
  runs: z.array(runSchema).optional(),
  examples: z.array(runSchema).optional(),
});

export type Listing = z.infer<typeof listSchema>;
type Items<Name extends ListName> = NonNullable<Listing[Name]>;
export type Run = Items<'runs'>[number];

/** Every list, in the order in which they are shown. */
export const lists: { readonly [Name in ListName]: () => Items<Name> } = {
  mechanisms: () => mechanisms.map(({ mechanism: { name }, description, floor }) => ({ name, description, floor })),
  scenarios: () =>
    allScenarios.map((scenario) => ({
      name: scenario.name,
      description: scenario.question,
      partOf: scenario.partOf,
      faults: faultsIn(scenario),
    })),
  faults: () =>
    faults.map(({ name, what, rows, target, needs }) => ({
      name,
      description: what,
      rows: [...rows],
      target,
      needs: [...needs],
      scenarios: allScenarios.filter((each) => faultsIn(each).includes(name)).map((each) => each.name),
    })),
  kernels: () => {
    const cached = cachedKernels();
    return kernelEntries().map(({ name, description, release, version }) => ({
      ...{ name, description, release, version },
      cached: cached.includes(name),
    }));
  },
  runs: () => runFoldersIn(standardRunsDir).map(describeRun),
  examples: () => runFoldersIn(examplesDir).map(describeRun),
};

/** When a scenario is part of a run, in a few words. */
export const partWords: Readonly<Record<Part, string>> = {
  quick: 'every run',
  bench: 'every run but --quick',
  all: '--scenario all',
  itself: 'only by its name',
};

/** Whether it is a shard, or was put together of some. */
function partWordsOf({ shard, merged }: Manifest): string {
  if (shard !== undefined) return `shard ${shardName(shard)}, `;
  return merged === undefined ? '' : `merged of ${merged.shards.length} of ${count(merged.count, 'shard')}, `;
}

/** A folder that cannot be read is listed with the reason, not left out. */
function describeRun(dir: string): Run {
  const name = path.basename(dir);
  try {
    const { manifest, status } = readRun(dir);
    const { machine, kernel, boots } = manifest.plan;
    const part = partWordsOf(manifest);
    const what = `${count(boots.length, 'boot')} of ${cellsAndChecks(manifest.plan)}`;
    return { name, description: `${status}, ${part}${machine}, kernel ${kernel}, ${what}`, path: dir, status };
  } catch (error) {
    if (!(error instanceof KeystormError)) throw error;
    return { name, description: `unreadable: ${error.message}`, path: dir, status: null };
  }
}
