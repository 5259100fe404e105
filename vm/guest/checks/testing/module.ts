// SPDX-License-Identifier: MIT
/** Kernel modules of a folder, compiled for the kernel that guest tests boot. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { guestKernel } from '../../../../bench/testing/guest-kernel.ts';
import { Cache } from '../../../cache.ts';
import { openKernel } from '../../../image/kernels.ts';

/** Builds a copy of the folder, which holds a Kbuild file: file names and contents of its modules. */
export async function compileModules(folder: string): Promise<Map<string, Buffer>> {
  const options = { cache: Cache.standard(), locked: false, progress: () => {} };
  const { dir, make, toolchain } = await (await openKernel({ kernel: guestKernel }, options)).moduleTree();
  const work = await mkdtemp(path.join(tmpdir(), 'keystorm-modules-'));
  try {
    const source = path.join(work, 'source');
    await cp(folder, source, { recursive: true });
    const tree = { from: dir, to: '/build/kernel' };
    const copy = { from: source, to: '/build/source', writable: true };
    const where = path.posix.join(toolchain.sees(tree), make);
    const command = ['make', '-C', where, `M=${toolchain.sees(copy)}`, 'CONFIG_DEBUG_INFO_BTF_MODULES=', 'modules'];
    await toolchain.run(command, { binds: [tree, copy] });
    const built = (await readdir(source)).filter((name) => name.endsWith('.ko'));
    return new Map(
      await Promise.all(built.map(async (name) => [name, await readFile(path.join(source, name))] as const)),
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
