// SPDX-License-Identifier: MIT
/** The kernels that look for faults of a module: built from Debian's source, by the flavours of flavours.ts. */
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
import { hasFailslab, readConfig } from '../tree/needed-options.ts';
import {
  type BuildTools,
  buildPackages,
  kernelWaitMs,
  releaseOf,
  type SourceBuild,
  sourceKernelProduct,
} from './build.ts';
import { demandsOf } from './demands.ts';
import { type Flavour, flavourNamed, flavours, fragmentOf } from './flavours.ts';
import { type ResolvedSource, readSourceLock, resolveSource, type SourceLock } from './source-lock.ts';

/** What is built while the lock is followed; from committed files alone. */
function recipe({ name, without }: Flavour, lock: SourceLock = readSourceLock()): SourceBuild {
  return {
    source: lock.package,
    kernel: lock.kernel,
    suffix: `-keystorm-${name}`,
    fragment: fragmentOf(without),
    bootModules,
    extraModules,
  };
}

function identityOf({ source, fragment, suffix }: SourceBuild): string {
  return hashJson({ source: source.sha256, fragment, suffix });
}

function versionOf({ source }: SourceBuild, { name }: Flavour): string {
  return `${source.version}+${name}`;
}

export const debugKernels: KernelMaker = {
  entries: (): KernelEntry[] =>
    flavours.map((flavour) => {
      const build = recipe(flavour);
      const config = readConfig(build.fragment);
      const slowness = demandsOf(config)?.slowness;
      return {
        name: flavour.name,
        description: flavour.description,
        release: releaseOf(build),
        version: versionOf(build, flavour),
        identity: identityOf(build),
        needsNamespaces: true,
        allocationsFail: hasFailslab(config),
        ...(slowness === undefined ? {} : { slowness }),
        testedBy: flavour.testedBy,
      };
    }),
  isCached: (name, cache) => cache.holds(bootRecipe(recipe(flavourNamed(name)))),
  open: async (name, { cache, locked, progress }) => {
    const lock = readSourceLock();
    const debs = new DebStore(cache, aptOf(cache, lock.suite, progress));
    const resolved = await resolveSource(lock, locked, debs);
    for (const note of resolved.notes) progress(`WARNING: ${note}`);
    return debugKernel(flavourNamed(name), resolved, { cache, debs, progress });
  },
};

function debugKernel(
  flavour: Flavour,
  { lock, notes }: ResolvedSource,
  { cache, debs, progress }: Omit<BuildTools, 'toolchain'>,
): KernelBuild {
  const { suite } = lock;
  const build = recipe(flavour, lock);
  const demands = demandsOf(readConfig(build.fragment));
  const compilers = () => toolchain(cache, suite, buildPackages, progress);
  const tools: BuildTools = { cache, debs, toolchain: compilers, progress };
  return {
    name: flavour.name,
    release: releaseOf(build),
    version: versionOf(build, flavour),
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
