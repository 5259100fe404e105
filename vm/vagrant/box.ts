// SPDX-License-Identifier: MIT
/**
 * The Vagrant box: a guest as QEMU boots it directly, kernel and image beside a disk that nobody reads. libvirt wants a disk of every box.
 * There is no key in it: the Vagrantfile hands one over on the kernel's command line.
 */
import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Cache, Product } from '../cache.ts';
import { sha256 } from '../hash.ts';
import { run } from '../host/command.ts';
import type { PreparedGuest } from '../image/prepare.ts';
import { processors } from '../qemu/arguments.ts';
import { kernelCommandLine } from '../qemu/cmdline.ts';
import { recordedProducts } from './box-record.ts';
import { overlayArchive } from './overlay.ts';

const domainSchema = z.strictObject({ cmdline: z.string(), processor: z.string() });

/** Of the file `keystorm.json` in a box: what it was made of. */
export const boxFactsSchema = z.strictObject({
  schema: z.literal('keystorm/box/1'),
  /** As --kernel names it, or the name of an own tree. */
  kernel: z.string(),
  kernelRelease: z.string(),
  kernelHash: z.string(),
  imageHash: z.string(),
  /** By libvirt's kind of domain: the kernel's command line for one processor, and QEMU's words for the processor. */
  domains: z.strictObject({ qemu: domainSchema, kvm: domainSchema }),
});

export type BoxFacts = z.infer<typeof boxFactsSchema>;

/** Name of the file of facts in a box. */
export const factsName = 'keystorm.json';
/** Name of the box file in its product. */
export const boxFileName = 'keystorm.box';
const diskName = 'box.img';
/** GiB, the least that the box's format can say. Not used, and sparse. */
const diskSize = 1;

/** What a box made of this guest says of itself. */
export function factsOf(guest: PreparedGuest, kernel: string): BoxFacts {
  return {
    schema: 'keystorm/box/1',
    kernel,
    kernelRelease: guest.kernel.release,
    kernelHash: guest.kernelHash,
    imageHash: guest.imageHash,
    domains: { qemu: domainOf(guest, 'tcg'), kvm: domainOf(guest, 'kvm') },
  };
}

function domainOf({ kernel }: PreparedGuest, accelerator: 'tcg' | 'kvm'): z.infer<typeof domainSchema> {
  const cmdline = [kernelCommandLine(1, accelerator), ...(kernel.demands?.cmdline ?? [])].join(' ');
  return { cmdline, processor: processors[accelerator] };
}

/** The product 'box': one file, a tar archive as `vagrant box add` takes it. */
export async function boxProduct(
  cache: Cache,
  guest: PreparedGuest,
  facts: BoxFacts,
  progress: (line: string) => void,
): Promise<Product> {
  const vagrantfile = readFileSync(fileURLToPath(new URL('box/Vagrantfile', import.meta.url)));
  const overlay = overlayArchive();
  return await cache.product({
    kind: 'box',
    keep: { count: 4, spared: () => recordedProducts(cache) },
    inputs: { facts, vagrantfile: sha256(vagrantfile), overlay: sha256(overlay), format: 1 },
    progress,
    build: async (dir) => {
      progress(`Packing a Vagrant box with kernel ${facts.kernelRelease}.`);
      await cache.scratch('box', async (work) => {
        const into = (name: string) => path.join(work, name);
        await run('qemu-img', ['create', '-q', '-f', 'qcow2', into(diskName), `${diskSize}G`]);
        const metadata = { provider: 'libvirt', format: 'qcow2', virtual_size: diskSize };
        await writeFile(into('metadata.json'), JSON.stringify(metadata));
        await writeFile(into(factsName), JSON.stringify(facts, null, 1));
        await writeFile(into('Vagrantfile'), vagrantfile);
        await copyFile(guest.kernelFile, into('kernel'));
        await writeFile(into('initrd'), Buffer.concat([readFileSync(guest.initramfs), overlay]));
        const plain = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar'];
        await run('tar', [...plain, '-C', work, '-cf', path.join(dir, boxFileName), '.']);
      });
    },
  });
}
