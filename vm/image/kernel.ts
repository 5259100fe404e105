// SPDX-License-Identifier: MIT
/** From a kernel's name to its files: which packages, then vmlinux or bzImage, configuration, modules and headers. */
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache, Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import type { PackageFile, PrivateApt } from './apt.ts';
import { extractVmlinux } from './bzimage.ts';
import type { DebStore } from './debs.ts';
import type { LockedKernel } from './lock.ts';
import { collectModules } from './modules.ts';

/** The packages a kernel consists of, after it is known whether the locked ones still exist. */
export interface ResolvedKernel {
  /** uname -r. */
  readonly release: string;
  readonly version: string;
  readonly image: PackageFile;
  readonly headers: readonly PackageFile[];
  /** What to say loudly; empty when the lock was followed. */
  readonly notes: readonly string[];
}

/** Where packages come from: what resolving needs of a DebStore. */
export interface KernelSource {
  readonly apt: Pick<PrivateApt, 'files' | 'newest' | 'update' | 'demandMirror'>;
  has(file: PackageFile): Promise<boolean>;
}

/** Modules the guest loads at boot, in any order; what they need is found by itself. */
export const bootModules = ['virtio_pci', 'virtio_net'] as const;
/** Modules kept in the image for modprobe. */
export const extraModules = ['dns_resolver', 'veth', 'dummy'] as const;

/**
 * Finds the packages of a kernel: the locked ones if they are in the cache or on the mirror, else the newest of the same
 * series. With `locked`, KeystormError (exit 2) instead of the newest.
 */
export async function resolveKernel(
  kernel: LockedKernel,
  locked: boolean,
  debs: KernelSource,
  progress: (line: string) => void,
): Promise<ResolvedKernel> {
  const stored = await Promise.all(kernel.packages.map((file) => debs.has(file)));
  if (stored.every(Boolean) || (await debs.apt.files(kernel.packages)) !== undefined) return fromLock(kernel);
  await debs.apt.update(true);
  if ((await debs.apt.files(kernel.packages)) !== undefined) return fromLock(kernel);
  // Lists that know nothing of the series were not fetched; with some, a failure may be another mirror's.
  if ((await debs.apt.newest(kernel.meta)) === undefined)
    debs.apt.demandMirror(`the kernel ${kernel.name} (${kernel.version})`);
  if (locked)
    throw new KeystormError(
      `The locked kernel ${kernel.name} (${kernel.version}) is no longer on the mirror; drop --locked to use the newest of its series, or update vm/image/kernels.lock.json.`,
    );
  const newest = await newestOfSeries(kernel, debs.apt);
  const note = `The locked kernel ${kernel.name} (${kernel.version}) is gone from the mirror: using ${newest.version} instead. Results are not comparable with those of ${kernel.version}.`;
  progress(`WARNING: ${note}`);
  return { ...newest, notes: [note] };
}

function fromLock(kernel: LockedKernel): ResolvedKernel {
  const image = kernel.packages.find((file) => file.role === 'image');
  if (image === undefined) throw new KeystormError(`Kernel ${kernel.name} has no image package in the lock file.`);
  const plain = ({ name, version, sha256 }: PackageFile): PackageFile => ({ name, version, sha256 });
  const headers = kernel.packages.filter((file) => file.role === 'headers').map(plain);
  return { release: kernel.release, version: kernel.version, image: plain(image), headers, notes: [] };
}

async function newestOfSeries(kernel: LockedKernel, apt: KernelSource['apt']): Promise<ResolvedKernel> {
  const gone = (what: string) =>
    new KeystormError(
      `No kernel of the series ${kernel.name} can be had: ${what} (looked in the host's apt sources).`,
      3,
    );
  const meta = await apt.newest(kernel.meta);
  const imageName = meta?.depends.find((name) => name.startsWith(`linux-image-${kernel.name}.`));
  if (imageName === undefined) throw gone(`${kernel.meta} depends on no linux-image-${kernel.name}.*`);
  const release = imageName.slice('linux-image-'.length);
  const image = await apt.newest(imageName);
  const headers = await apt.newest(`linux-headers-${release}`);
  if (image === undefined || headers === undefined) throw gone(`${imageName} or its headers are missing`);
  const parts = headers.depends.filter((name) => /^linux-(headers|kbuild)-/.test(name));
  const names = [imageName, `linux-headers-${release}`, ...parts];
  const found = await Promise.all(
    names.map(async (name) => ({ name, version: (await apt.newest(name))?.version ?? '' })),
  );
  const files = await apt.files(found);
  const [imageFile, ...headerFiles] = files ?? [];
  if (imageFile === undefined) throw gone(`no checksums for ${names.join(', ')}`);
  return { release, version: imageFile.version, image: imageFile, headers: headerFiles, notes: [] };
}

/**
 * The product 'kernel': `vmlinux` (PVH) or, without PVH, `bzImage`; `config`; `modules/` with the needed ones, `modules.dep`
 * and `boot-modules`.
 */
export function kernelProduct(
  cache: Cache,
  kernel: ResolvedKernel,
  debs: DebStore,
  progress: (line: string) => void,
): Promise<Product> {
  const { release } = kernel;
  return cache.product({
    kind: 'kernel',
    inputs: { package: { ...kernel.image }, release, boot: [...bootModules], extra: [...extraModules], format: 3 },
    progress,
    build: async (dir) => {
      progress(`Unpacking the kernel ${release} (${kernel.version}).`);
      await cache.scratch('kernel', async (tree) => {
        await debs.unpack([kernel.image], tree);
        const config = path.join(tree, 'boot', `config-${release}`);
        await copyFile(config, path.join(dir, 'config'));
        const bzImage = path.join(tree, 'boot', `vmlinuz-${release}`);
        // QEMU starts an ELF with a PVH note at once; anything else decompresses itself in the (slow) guest first.
        if (/^CONFIG_PVH=y$/m.test(readFileSync(config, 'utf8')))
          await writeFile(path.join(dir, 'vmlinux'), await extractVmlinux(bzImage));
        else await copyFile(bzImage, path.join(dir, 'bzImage'));
        await mkdir(path.join(dir, 'modules'));
        await collectModules(tree, release, bootModules, extraModules, dir);
      });
    },
  });
}

/** The product 'headers': the unpacked headers; the folder to build against is `usr/src/linux-headers-RELEASE` in it. */
export function headersProduct(
  cache: Cache,
  kernel: ResolvedKernel,
  debs: DebStore,
  progress: (line: string) => void,
): Promise<Product> {
  return cache.product({
    kind: 'headers',
    inputs: { packages: kernel.headers.map((file) => ({ ...file })), format: 2 },
    progress,
    build: async (dir) => {
      progress(`Unpacking the headers of ${kernel.release}.`);
      await debs.unpack(kernel.headers, dir);
      await rm(path.join(dir, 'usr', 'share'), { recursive: true, force: true });
      await makeRelocatable(path.join(dir, 'usr', 'src', `linux-headers-${kernel.release}`, 'Makefile'));
    },
  });
}

/** Debian's Makefile includes the common one by its installed path; ours lies elsewhere, and make runs in its folder. */
async function makeRelocatable(makefile: string): Promise<void> {
  const text = readFileSync(makefile, 'utf8');
  const relative = text.replace(/^include \/usr\/src\//gm, 'include ../');
  if (relative === text)
    throw new KeystormError(`${makefile} does not include the common headers the way Debian's did so far.`, 3);
  await writeFile(makefile, relative);
}
