// SPDX-License-Identifier: MIT
/**
 * What modules for the kernel that a machine runs are built against: the headers that the machine itself has, else the package of
 * exactly that version. Nothing near to it will do.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { run } from '../host/command.ts';
import { makeRelocatable } from '../image/kernel.ts';
import type { KernelBuild } from '../image/kernel-build.ts';
import { openKernel } from '../image/kernels.ts';
import { readLock } from '../image/lock.ts';
import { compilersOf, openRunningKernel } from '../image/packaged-kernels.ts';
import { hostToolchain } from '../image/toolchain/host.ts';
import { type Facts, kernelVersion } from './facts.ts';

export interface RunningKernelParts {
  readonly host: string;
  readonly facts: Facts;
  readonly cache: Cache;
  readonly progress: (line: string) => void;
  /** The machine's headers as a compressed tar archive, made by `headersCommand`. */
  readonly fetchHeaders: () => Promise<Buffer>;
  /** Looks on Debian's mirror; tests use it to have none. */
  readonly fromMirror?: typeof openRunningKernel;
}

/** @throws KeystormError (2) that names the package which is missing on the machine. */
export async function runningKernel(parts: RunningKernelParts): Promise<KernelBuild> {
  const { host, facts, cache, progress, fromMirror = openRunningKernel } = parts;
  const { release } = facts;
  const version = kernelVersion(facts);
  if (facts.headers) return fromMachine(parts);
  const locked = readLock().kernels.find((kernel) => kernel.release === release && kernel.version === version);
  if (locked !== undefined) return await openKernel({ kernel: locked.name }, { cache, locked: true, progress });
  const suite = facts.distribution === 'debian' && facts.codename !== '' ? facts.codename : undefined;
  const packaged = suite === undefined ? undefined : await fromMirror({ release, version, suite }, { cache, progress });
  if (packaged !== undefined) return packaged;
  throw new KeystormError(
    `${host} runs the kernel ${release} (${version}), and there are no headers to build modules for it: neither in /lib/modules/${release}/build there, nor as a package on the mirrors of this host. Install them on ${host}: apt-get install linux-headers-${release}`,
  );
}

/** Prints the headers as a compressed tar archive: the folder of the build, and those that it refers to. */
export function headersCommand(release: string): string {
  const pick = '^(/usr/src/kernels/[^/]+|/usr/(src|lib)/[^/]+|/lib/modules/[^/]+/build).*';
  return `b=$(readlink -f /lib/modules/${release}/build) && cd / && { echo "$b"; find "$b" -type l -exec readlink -f {} \\;; sed -n 's,^include *\\(/[^ ]*\\)/[^/ ]*$,\\1,p' "$b/Makefile"; } | sed -nE 's,${pick},\\1,p' | sort -u | sed 's,^/,,' | xargs tar -czf -`;
}

function fromMachine({ host, facts, cache, progress, fetchHeaders }: RunningKernelParts): Promise<KernelBuild> {
  const { release, compiler, headers_sum: sum } = facts;
  const version = kernelVersion(facts);
  const identity = createHash('sha256').update(`${release}\n${facts.version}\n${sum}`).digest('hex');
  const headers = () =>
    cache.product({
      kind: 'machine-headers',
      inputs: { identity, format: 1 },
      progress,
      build: async (dir) => {
        progress(`Fetching the headers of ${release} from ${host}.`);
        await unpack(await fetchHeaders(), dir);
        await relocate(dir, release);
        demandWhole(dir, release, host);
      },
    });
  return compilerFor(facts, cache, progress).then(({ compilers, compilersAre }) => ({
    name: release,
    release,
    version,
    identity,
    notes: [],
    boot: () => {
      throw new KeystormError(`The kernel of ${host} runs there, and is not to be booted elsewhere.`, 3);
    },
    moduleInputs: { identity, compiler, compilers: compilersAre },
    moduleTree: async () => {
      const { dir } = await headers();
      return { dir, make: makeFolderOf(dir, release), toolchain: await compilers() };
    },
  }));
}

async function unpack(archive: Buffer, dir: string): Promise<void> {
  const file = path.join(dir, 'headers.tar.gz');
  writeFileSync(file, archive);
  await run('tar', ['-xzf', file, '-C', dir, '--no-same-owner']);
  await run('rm', ['-f', file]);
}

/** Where the build's folder came to lie, relative to `dir`. */
function makeFolderOf(dir: string, release: string): string {
  const places = [`usr/src/linux-headers-${release}`, `usr/src/kernels/${release}`, `lib/modules/${release}/build`];
  const found = places.find((place) => existsSync(path.join(dir, place, 'Makefile')));
  if (found !== undefined) return found;
  throw new KeystormError(`The headers of ${release} that were fetched have no Makefile in ${places.join(', ')}.`, 3);
}

async function relocate(dir: string, release: string): Promise<void> {
  const makefile = path.join(dir, makeFolderOf(dir, release), 'Makefile');
  const absolute = lstatSync(makefile).isFile() && /^include \/usr\/src\//m.test(readFileSync(makefile, 'utf8'));
  if (absolute) await makeRelocatable(makefile);
}

/** What all modules are built with is not always in the folder itself. @throws KeystormError (2) where it did not come along. */
function demandWhole(dir: string, release: string, host: string): void {
  const needed = ['Module.symvers', 'scripts/Makefile.build', 'scripts/basic/fixdep'];
  const lacking = needed.find((name) => !existsSync(path.join(dir, makeFolderOf(dir, release), name)));
  if (lacking === undefined) return;
  throw new KeystormError(
    `The headers of ${release} on ${host} lack ${lacking}: install them anew there, with apt-get install --reinstall linux-headers-${release}.`,
  );
}

/** The compiler that the kernel was built with, where it is one of Debian's; else this host's own. */
async function compilerFor(facts: Facts, cache: Cache, progress: (line: string) => void) {
  const [, name] = /\b(gcc-\d+)\b/.exec(facts.compiler) ?? [];
  if (facts.distribution === 'debian' && facts.codename !== '' && name !== undefined)
    return await compilersOf(facts.codename, name, cache, progress);
  return { compilers: async () => hostToolchain, compilersAre: 'host' };
}
