// SPDX-License-Identifier: MIT
/** The kernel called `debug`: built from Debian's source with every sanitizer that finds a module's faults. */
import { readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { Product } from '../../cache.ts';
import { hashJson, type Json } from '../../hash.ts';
import { walk } from '../../product-record.ts';
import { DebStore } from '../debs.ts';
import { bootModules, extraModules } from '../kernel.ts';
import type { KernelBuild, KernelEntry, KernelMaker, ModuleTree } from '../kernel-build.ts';
import { aptOf } from '../suites.ts';
import { toolchain } from '../toolchain/suite.ts';
import { readConfig } from '../tree/needed-options.ts';
import {
  type BuildTools,
  buildPackages,
  kernelWaitMs,
  releaseOf,
  type SourceBuild,
  sourceKernelProduct,
} from './build.ts';
import { demandsOf } from './demands.ts';
import { type ResolvedSource, readSourceLock, resolveSource, type SourceLock } from './source-lock.ts';

export const debugKernelName = 'debug';

const fragmentFile = new URL('./kernel.config', import.meta.url);

/** What is built while the lock is followed; from committed files alone. */
function recipe(lock: SourceLock = readSourceLock()): SourceBuild {
  return {
    source: lock.package,
    kernel: lock.kernel,
    suffix: '-keystorm-debug',
    fragment: readFileSync(fragmentFile, 'utf8'),
    bootModules,
    extraModules,
  };
}

function identityOf({ source, fragment, suffix }: SourceBuild): string {
  return hashJson({ source: source.sha256, fragment, suffix });
}

function versionOf({ source }: SourceBuild): string {
  return `${source.version}+debug`;
}

export const debugKernels: KernelMaker = {
  entries: (): KernelEntry[] => {
    const build = recipe();
    return [
      {
        name: debugKernelName,
        description: 'built from source with KASAN, PROVE_LOCKING, KMEMLEAK and FAILSLAB; slow, for npm run sanitize',
        release: releaseOf(build),
        version: versionOf(build),
        identity: identityOf(build),
        needsNamespaces: true,
        testedBy: 'npm run sanitize',
      },
    ];
  },
  isCached: (_name, cache) => cache.holds(bootRecipe(recipe())),
  open: async (name, { cache, locked, progress }) => {
    const lock = readSourceLock();
    const debs = new DebStore(cache, aptOf(cache, lock.suite, progress));
    const resolved = await resolveSource(lock, locked, debs);
    for (const note of resolved.notes) progress(`WARNING: ${note}`);
    return debugKernel(name, resolved, { cache, debs, progress });
  },
};

function debugKernel(
  name: string,
  { lock, notes }: ResolvedSource,
  { cache, debs, progress }: Omit<BuildTools, 'toolchain'>,
): KernelBuild {
  const { suite } = lock;
  const build = recipe(lock);
  const demands = demandsOf(readConfig(build.fragment));
  const compilers = () => toolchain(cache, suite, buildPackages, progress);
  const tools: BuildTools = { cache, debs, toolchain: compilers, progress };
  return {
    name,
    release: releaseOf(build),
    version: versionOf(build),
    identity: identityOf(build),
    notes,
    ...(demands === undefined ? {} : { demands }),
    boot: () => bootProduct(build, tools),
    // By the names of its packages: a newer compiler of the suite makes no other kernel, nor other modules.
    moduleInputs: { identity: identityOf(build), suite, packages: [...buildPackages] },
    moduleWaitMs: kernelWaitMs,
    moduleTree: async (): Promise<ModuleTree> => {
      const { dir } = await sourceKernelProduct(build, tools);
      return { dir: path.join(dir, 'tree'), make: '.', toolchain: await compilers() };
    },
  };
}

/** What decides about the product below. */
function bootRecipe(build: SourceBuild): { kind: string; inputs: Json } {
  const { bootModules: boot, extraModules: extra } = build;
  return {
    kind: 'debug-kernel',
    inputs: { identity: identityOf(build), boot: [...boot], extra: [...extra], format: 1 },
  };
}

/** What is booted, apart from the much larger tree: a boot checks all of its product. */
function bootProduct(build: SourceBuild, tools: BuildTools): Promise<Product> {
  return tools.cache.product({
    ...bootRecipe(build),
    progress: tools.progress,
    waitMs: kernelWaitMs,
    build: async (dir) => {
      const from = path.join((await sourceKernelProduct(build, tools)).dir, 'boot');
      for (const name of walk(from)) {
        await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
        await copyFile(path.join(from, name), path.join(dir, name));
      }
      await mkdir(path.join(dir, 'modules'), { recursive: true });
    },
  });
}
