// SPDX-License-Identifier: MIT
/** Everything a boot needs, fetched and built once: kernel, guest image, and the facts about them that results record. */

import * as path from 'node:path';
import { Cache, type Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { PrivateApt } from './apt.ts';
import { DebStore } from './debs.ts';
import { imageProduct } from './initramfs.ts';
import { headersProduct, kernelProduct, type ResolvedKernel, resolveKernel } from './kernel.ts';
import { findKernel } from './lock.ts';
import { moduleProduct, moduleSourceHash, programsProduct } from './sources.ts';
import { userlandProduct } from './userland.ts';

/** What a machine boots. Paths are in the cache and never written to. */
export interface PreparedGuest {
  readonly kernel: ResolvedKernel;
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

export interface GuestOptions {
  readonly kernel: string;
  readonly locked: boolean;
  /** Leave out our programs and module: a guest to try things in while they do not compile. */
  readonly bare?: boolean;
  readonly progress: (line: string) => void;
}

/** The parts of a preparation, for those who need one of them (the headers, say). */
export class Preparation {
  private constructor(
    readonly cache: Cache,
    readonly debs: DebStore,
    readonly kernel: ResolvedKernel,
    readonly options: GuestOptions,
  ) {}

  /** Resolves the kernel; asks a mirror only if its packages are not in the cache. */
  static async open(options: GuestOptions, cache: Cache = Cache.standard()): Promise<Preparation> {
    const entry = findKernel(options.kernel);
    const apt = new PrivateApt(cache, entry.suite, options.progress);
    const debs = new DebStore(cache, apt);
    const kernel = await resolveKernel(entry, options.locked, debs, options.progress);
    return new Preparation(cache, debs, kernel, options);
  }

  headers(): Promise<Product> {
    return headersProduct(this.cache, this.kernel, this.debs, this.options.progress);
  }

  /** The kernel alone, in the form that QEMU boots: vmlinux or bzImage. */
  async kernelFile(): Promise<string> {
    const product = await kernelProduct(this.cache, this.kernel, this.debs, this.options.progress);
    return path.join(product.dir, bootable(product));
  }

  /** Builds what is missing and returns the guest. */
  async guest(): Promise<PreparedGuest> {
    const { cache, debs, kernel } = this;
    const { progress, bare = false } = this.options;
    const kernelFiles = await kernelProduct(cache, kernel, debs, progress);
    const userland = await userlandProduct(cache, debs, progress);
    const own = bare
      ? {}
      : {
          programs: await programsProduct(cache, progress),
          module: await moduleProduct(cache, kernel, () => this.headers(), progress),
        };
    const image = await imageProduct(
      cache,
      { release: kernel.release, kernel: kernelFiles, userland, ...own },
      progress,
    );
    return {
      kernel,
      kernelFile: path.join(kernelFiles.dir, bootable(kernelFiles)),
      kernelHash: recorded(kernelFiles, bootable(kernelFiles)),
      initramfs: path.join(image.dir, 'initramfs.cpio'),
      kernelConfigHash: recorded(kernelFiles, 'config'),
      moduleHash: bare ? 'none' : moduleSourceHash(),
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
