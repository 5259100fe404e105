// SPDX-License-Identifier: MIT
/** Everything a boot needs, fetched and built once: kernel, guest image, and the facts about them that results record. */

import * as path from 'node:path';
import { Cache, type Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { DebStore } from './debs.ts';
import { imageProduct } from './initramfs.ts';
import type { KernelBuild, KernelChoice } from './kernel-build.ts';
import { openKernel } from './kernels.ts';
import { sourceAt } from './revision.ts';
import { moduleProduct, moduleSourceHash, presentSource, programsProduct } from './sources.ts';
import { aptOf, baseSuite } from './suites.ts';
import { userlandProduct } from './userland.ts';

/** What a machine boots. Paths are in the cache and never written to. */
export interface PreparedGuest {
  readonly kernel: KernelBuild;
  /** vmlinux or bzImage. */
  readonly kernelFile: string;
  /** sha256 of the kernel file. */
  readonly kernelHash: string;
  readonly initramfs: string;
  readonly kernelConfigHash: string;
  readonly moduleHash: string;
  readonly imageHash: string;
  readonly notes: readonly string[];
}

export interface GuestOptions extends KernelChoice {
  readonly locked: boolean;
  /** Leave out our programs and module: a guest to try things in while they do not compile. */
  readonly bare?: boolean;
  /** Kernel modules as this commit of the checkout has them; absent: as the working tree has them. */
  readonly moduleCommit?: string | undefined;
  /** Of what makes no difference, how it is arranged; absent: as usual. */
  readonly arrangement?: number | undefined;
  readonly progress: (line: string) => void;
}

/** The parts of a preparation, for those who need one of them (the kernel's file, say). */
export class Preparation {
  private constructor(
    readonly cache: Cache,
    readonly kernel: KernelBuild,
    readonly options: GuestOptions,
  ) {}

  /** Resolves the kernel; asks a mirror only if its packages are not in the cache. */
  static async open(options: GuestOptions, cache: Cache = Cache.standard()): Promise<Preparation> {
    const { locked, progress } = options;
    return new Preparation(cache, await openKernel(options, { cache, locked, progress }), options);
  }

  /** The kernel alone, in the form that QEMU boots: vmlinux or bzImage. */
  async kernelFile(): Promise<string> {
    const product = await this.kernel.boot();
    return path.join(product.dir, bootable(product));
  }

  /** Builds what is missing and returns the guest. */
  async guest(): Promise<PreparedGuest> {
    const { cache, kernel } = this;
    const { progress, bare = false, moduleCommit, arrangement } = this.options;
    const source = moduleCommit === undefined ? presentSource : await sourceAt(moduleCommit, cache, progress);
    const kernelFiles = await kernel.boot();
    // One user space for all kernels: what is compared is theirs, not their distributions'.
    const userland = await userlandProduct(cache, new DebStore(cache, aptOf(cache, baseSuite, progress)), progress);
    const own = bare
      ? {}
      : {
          programs: await programsProduct(cache, progress),
          module: await moduleProduct(cache, kernel, source, progress, arrangement),
        };
    const image = await imageProduct(
      cache,
      { release: kernel.release, kernel: kernelFiles, userland, arrangement, ...own },
      progress,
    );
    return {
      kernel,
      kernelFile: path.join(kernelFiles.dir, bootable(kernelFiles)),
      kernelHash: recorded(kernelFiles, bootable(kernelFiles)),
      initramfs: path.join(image.dir, 'initramfs.cpio'),
      kernelConfigHash: recorded(kernelFiles, 'config'),
      moduleHash: bare ? 'none' : moduleSourceHash(source),
      imageHash: recorded(image, 'initramfs.cpio'),
      notes: kernel.notes,
    };
  }
}

function bootable(kernel: Product): string {
  return kernel.files.vmlinux === undefined ? 'bzImage' : 'vmlinux';
}

function recorded(product: Product, name: string): string {
  const sum = product.files[name];
  if (sum === undefined) throw new KeystormError(`The cached product ${product.dir} has no file ${name}.`, 3);
  return sum;
}
