// SPDX-License-Identifier: MIT
/** The maker of kernels from an engineer's own build tree, which is only ever read. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KeystormError } from '../../failure.ts';
import { hashJson } from '../../hash.ts';
import { run } from '../../host/command.ts';
import { demandsOf } from '../debug/demands.ts';
import { bootModules, extraModules } from '../kernel.ts';
import type { KernelBuild, KernelContext } from '../kernel-build.ts';
import { collectModulesFrom, dependsOf, loadOrder } from '../modules.ts';
import { hostToolchain } from '../toolchain/host.ts';
import { type InspectedTree, inspectTree } from './inspect.ts';

/** So much of the hash tells two builds of one release apart. */
const shortHash = 10;

/**
 * The kernel that was built in `dir`. Another one as soon as it is built again: what the kernel, its configuration and the symbols
 * it exports hash to decides. KeystormError (exit 2) says why a tree will not do.
 */
export async function openTree(dir: string, { cache, progress }: KernelContext): Promise<KernelBuild> {
  const tree = inspectTree(dir);
  const identity = await identityOf(tree);
  for (const note of tree.notes) progress(`WARNING: ${note}`);
  const demands = demandsOf(tree.config);
  return {
    name: dir,
    release: tree.release,
    version: `${tree.release}@${identity.slice(0, shortHash)}`,
    identity,
    notes: tree.notes,
    ...(demands === undefined ? {} : { demands }),
    boot: () =>
      cache.product({
        kind: 'tree-kernel',
        inputs: { identity, boot: [...bootModules], extra: [...extraModules], format: 1 },
        progress,
        build: async (out) => {
          progress(`Taking the kernel ${tree.release} from ${dir}.`);
          await takeBoot(tree, out);
          await demandSame(tree, identity);
        },
      }),
    moduleInputs: { identity, compiler: tree.config.get('CC_VERSION_TEXT') ?? '' },
    moduleTree: async () => ({
      dir,
      make: '.',
      toolchain: hostToolchain,
      settings: compilerSettings(tree.config),
      demandUnchanged: () => demandSame(tree, identity),
    }),
  };
}

async function identityOf(tree: InspectedTree): Promise<string> {
  // What a driver depends on is booted as well.
  const depends = (name: string) => {
    const file = tree.modules.get(name);
    return file === undefined ? [] : dependsOf(readFileSync(path.join(tree.dir, file)));
  };
  const needed = loadOrder([...bootModules, ...extraModules], depends).flatMap((name) => tree.modules.get(name) ?? []);
  const sums: Record<string, string> = {};
  for (const name of [tree.kernel.file, '.config', 'Module.symvers', ...needed])
    sums[name] = await sumOf(path.join(tree.dir, name));
  return hashJson({ release: tree.release, sums });
}

/** Streamed: a kernel with debug information has some 500 MB. */
async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Somebody may run make there meanwhile. */
async function demandSame(tree: InspectedTree, identity: string): Promise<void> {
  if ((await identityOf(tree)) !== identity)
    throw new KeystormError(
      `The kernel in ${tree.dir} was built again while it was read: wait for make to end, then start anew.`,
    );
}

async function takeBoot(tree: InspectedTree, out: string): Promise<void> {
  const { dir, kernel, release, modules, builtIn } = tree;
  await copyFile(path.join(dir, '.config'), path.join(out, 'config'));
  if (kernel.as === 'bzImage') await copyFile(path.join(dir, kernel.file), path.join(out, 'bzImage'));
  // As in a bzImage: without symbols and debug information, which QEMU would not load and each boot would have to read.
  else await run('objcopy', ['-R', '.comment', '-S', path.join(dir, kernel.file), path.join(out, 'vmlinux')]);
  await mkdir(path.join(out, 'modules'));
  const file = (name: string) => {
    const found = modules.get(name);
    return found === undefined ? undefined : path.join(dir, found);
  };
  const source = { release, file, isBuiltIn: (name: string) => builtIn.has(name) };
  const there = extraModules.filter((name) => builtIn.has(name) || modules.has(name));
  const stripped = (from: string, to: string) => run('objcopy', ['--strip-debug', from, to]);
  await collectModulesFrom(source, bootModules, there, out, stripped);
}

/** What to tell make so that modules are compiled as the kernel was: a compiler by another name than gcc, or clang. */
export function compilerSettings(config: ReadonlyMap<string, string>): string[] {
  const said = (config.get('CC_VERSION_TEXT') ?? '').replace(/^"|"$/g, '');
  if (config.get('CC_IS_CLANG') === 'y') return config.get('LD_IS_LLD') === 'y' ? ['LLVM=1'] : ['CC=clang'];
  const [name = ''] = said.split(' ');
  return /gcc/.test(name) && name !== 'gcc' && /^[\w.+-]+$/.test(name) ? [`CC=${name}`] : [];
}
