// SPDX-License-Identifier: MIT
/** Builds what is ours and runs in the guest: the static programs and the kernel module. */
import { existsSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { type Cache, checkoutDir, type Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { hashJson } from '../hash.ts';
import { run } from '../host/command.ts';
import { hashTree } from '../product-record.ts';
import type { ResolvedKernel } from './kernel.ts';

const guestDir = path.join(checkoutDir, 'vm', 'guest');
/** What kbuild and make leave behind; never an input. */
const leftover = /(\.(o|ko|mod|mod\.c|cmd|a)|\.order|\.symvers)$/;
/** In the module's folder but not in the module. */
const besides = /^selftest\//;
/** In the module's folder, and compiled into programs. */
const shared = /^module\/selftest\/[^/]+\.[ch]$/;

/** sha256 of the module's sources and the interface it implements: the dimension `module` of every metric. */
export function moduleSourceHash(): string {
  return hashJson({ module: sources('module'), include: sources('include') });
}

/** The product 'programs': what `make -C vm/guest OUT=…` puts out. */
export async function programsProduct(cache: Cache, progress: (line: string) => void): Promise<Product> {
  const files = sources('.');
  if (files.Makefile === undefined) throw new KeystormError(`${guestDir}/Makefile is missing from the checkout.`, 3);
  const inputs = Object.fromEntries(
    Object.entries(files).filter(([name]) => name !== 'init' && (!name.startsWith('module/') || shared.test(name))),
  );
  return await cache.product({
    kind: 'programs',
    inputs: { files: inputs, compiler: await compiler(), format: 1 },
    progress,
    build: async (dir) => {
      progress("Compiling the guest's programs.");
      demandPlainPath(dir, cache);
      const args = ['-C', guestDir, '-j', String(availableParallelism()), `OUT=${dir}`];
      await run('make', args, { plainEnv: true });
    },
  });
}

/** The product 'module': `keystorm.ko` for exactly this kernel. `headers` is asked for only when it must be built. */
export async function moduleProduct(
  cache: Cache,
  kernel: ResolvedKernel,
  headers: () => Promise<Product>,
  progress: (line: string) => void,
): Promise<Product> {
  return await cache.product({
    kind: 'module',
    inputs: {
      source: moduleSourceHash(),
      release: kernel.release,
      headers: kernel.headers.map((file) => file.sha256),
      compiler: await compiler(),
      format: 3,
    },
    progress,
    build: async (dir) => {
      demandPlainPath(dir, cache);
      const { dir: tree } = await headers();
      progress(`Compiling the kernel module for ${kernel.release}.`);
      await cache.scratch('module', async (work) => {
        await buildModule(tree, kernel.release, work);
        const built = path.join(work, 'module', 'keystorm.ko');
        if (!existsSync(built)) throw new KeystormError('The module build put out no keystorm.ko.', 3);
        await copyFile(built, path.join(dir, 'keystorm.ko'));
      });
    },
  });
}

/** Builds a copy, because kbuild writes beside its sources. */
async function buildModule(headersTree: string, release: string, work: string): Promise<void> {
  for (const name of ['module', 'include'])
    await cp(path.join(guestDir, name), path.join(work, name), {
      recursive: true,
      filter: (file) => !leftover.test(file),
    });
  const tree = path.join(headersTree, 'usr', 'src', `linux-headers-${release}`);
  // Neither the folder's passing name nor debug information may make two builds of one source differ.
  const flags = `KCFLAGS=-g0 -ffile-prefix-map=${work}/=keystorm/`;
  const module = path.join(work, 'module');
  await run('make', ['-C', tree, '-j', String(availableParallelism()), `M=${module}`, flags, 'modules'], {
    plainEnv: true,
  });
}

/** make and kbuild take a space, a colon or a comma in a path for the end of it. */
function demandPlainPath(dir: string, cache: Cache): void {
  if (/^[\w/.+@~-]+$/.test(dir)) return;
  throw new KeystormError(
    `Nothing can be compiled in the cache ${cache.root}, as make cannot cope with the characters of that path: let KEYSTORM_CACHE name a folder of letters and digits.`,
  );
}

function sources(name: string): Record<string, string> {
  const dir = path.join(guestDir, name);
  if (!existsSync(dir)) throw new KeystormError(`${dir} is missing from the checkout.`, 3);
  return Object.fromEntries(
    Object.entries(hashTree(dir)).filter(([file]) => !leftover.test(file) && !besides.test(file)),
  );
}

let compilerVersion: Promise<string> | undefined;

function compiler(): Promise<string> {
  compilerVersion ??= run('gcc', ['-dumpfullversion']).then((version) => version.trim());
  return compilerVersion;
}
