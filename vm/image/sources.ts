// SPDX-License-Identifier: MIT
/** Builds what is ours and runs in the guest: the static programs and the kernel modules. */
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, cp, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { type Cache, checkoutDir, type Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { hashJson } from '../hash.ts';
import { run } from '../host/command.ts';
import { hashTree } from '../product-record.ts';
import { arrangeObjects } from './arrangement.ts';
import type { KernelBuild, ModuleTree } from './kernel-build.ts';

const guestDir = path.join(checkoutDir, 'vm', 'guest');
/** What kbuild and make leave behind; never an input. */
const leftover = /(\.(o|ko|mod|mod\.c|cmd|a)|\.order|\.symvers)$/;
/** In a module's folder but not in the module. */
const besides = /^selftest\//;
/** What programs are made of; a test beside them does not change them. */
const compiled = /(\.[ch]|^Makefile|^shell\/[^/]+\.sh)$/;
/** In a module's folder, and compiled into programs. */
const shared = /^module\/selftest\/[^/]+\.[ch]$/;

/** Where the modules' sources are: this checkout's `vm/guest`, or what an earlier commit had there. */
export type GuestSource = string;
/** As the working tree has them. */
export const presentSource: GuestSource = guestDir;

/** Folders of kernel modules: those that say to kbuild what they hold. */
function moduleFolders(source: GuestSource): string[] {
  return readdirSync(source)
    .filter((name) => existsSync(path.join(source, name, 'Kbuild')))
    .sort();
}

/** sha256 of the modules' sources and the interface they implement: the dimension `module` of every metric. */
export function moduleSourceHash(source: GuestSource): string {
  return hashJson(
    Object.fromEntries([...moduleFolders(source), 'include'].map((name) => [name, sources(source, name)])),
  );
}

/** sha256 of the interface alone, which modules share with the programs in the guest. */
export function interfaceHash(source: GuestSource): string {
  return hashJson(sources(source, 'include'));
}

/** The product 'programs': what `make -C vm/guest OUT=…` puts out. */
export async function programsProduct(cache: Cache, progress: (line: string) => void): Promise<Product> {
  const files = sources(presentSource, '.');
  if (files.Makefile === undefined) throw new KeystormError(`${guestDir}/Makefile is missing from the checkout.`, 3);
  const modules = new Set(moduleFolders(presentSource));
  const isModules = (name: string) => modules.has(name.split('/')[0] ?? '') && !shared.test(name);
  const inputs = Object.fromEntries(Object.entries(files).filter(([name]) => compiled.test(name) && !isModules(name)));
  return await cache.product({
    kind: 'programs',
    keep: { count: 12 },
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

/** The product 'module': `keystorm.ko` and what other modules of ours there are, for exactly this kernel; linked in the order of `arrangement`. */
export async function moduleProduct(
  cache: Cache,
  kernel: KernelBuild,
  source: GuestSource,
  progress: (line: string) => void,
  arrangement?: number,
): Promise<Product> {
  const order = arrangement === undefined ? {} : { arrangement };
  return await cache.product({
    kind: 'module',
    keep: { count: 100 },
    inputs: {
      ...{ source: moduleSourceHash(source), release: kernel.release, kernel: kernel.moduleInputs, format: 5 },
      ...order,
    },
    progress,
    waitMs: kernel.moduleWaitMs,
    build: async (dir) => {
      demandPlainPath(dir, cache);
      const tree = await kernel.moduleTree();
      progress(`Compiling the kernel modules for ${kernel.release} with ${tree.toolchain.name}.`);
      await cache.scratch('module', async (work) => {
        for (const name of await buildModules(tree, source, work, arrangement))
          await copyFile(path.join(work, name), path.join(dir, path.basename(name)));
        await tree.demandUnchanged?.();
      });
    },
  });
}

/** Builds copies in `work`, because kbuild writes beside its sources. Returns the modules' files, relative to it. */
async function buildModules(
  { dir, make, toolchain, settings: own = [] }: ModuleTree,
  from: GuestSource,
  work: string,
  arrangement: number | undefined,
): Promise<string[]> {
  const folders = moduleFolders(from);
  for (const name of [...folders, 'include'])
    await cp(path.join(from, name), path.join(work, name), {
      recursive: true,
      filter: (file) => !leftover.test(file),
    });
  if (arrangement !== undefined) for (const name of folders) await arrangeObjects(path.join(work, name), arrangement);
  const tree = { from: dir, to: '/build/kernel' };
  const copies = { from: work, to: '/build/keystorm', writable: true };
  const source = toolchain.sees(copies);
  const settings = [
    ...own,
    // Neither the folder's passing name nor debug information may make two builds of one source differ.
    `KCFLAGS=-g0 -ffile-prefix-map=${source}/=keystorm/`,
    // Type information is made from debug information, by a program that need not be there.
    'CONFIG_DEBUG_INFO_BTF_MODULES=',
  ];
  // All of them in one go: most of what make does for a module it would do again for each.
  await writeFile(path.join(work, 'Kbuild'), folders.map((name) => `obj-m += ${name}/\n`).join(''));
  const where = path.posix.join(toolchain.sees(tree), make);
  const command = ['make', '-C', where, '-j', String(availableParallelism()), `M=${source}`, ...settings, 'modules'];
  await toolchain.run(command, { binds: [tree, copies] });
  const built = folders.flatMap((name) => readdirSync(path.join(work, name)).map((file) => path.join(name, file)));
  const modules = built.filter((file) => file.endsWith('.ko'));
  const without = folders.find((name) => !modules.some((file) => path.dirname(file) === name));
  if (without !== undefined) throw new KeystormError(`The build of vm/guest/${without} put out no module.`, 3);
  return modules;
}

/** make and kbuild take a space, a colon or a comma in a path for the end of it. */
function demandPlainPath(dir: string, cache: Cache): void {
  if (/^[\w/.+@~-]+$/.test(dir)) return;
  throw new KeystormError(
    `Nothing can be compiled in the cache ${cache.root}, as make cannot cope with the characters of that path: let KEYSTORM_CACHE name a folder of letters and digits.`,
  );
}

function sources(source: GuestSource, name: string): Record<string, string> {
  const dir = path.join(source, name);
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
