// SPDX-License-Identifier: MIT
/**
 * A guest as it stands still and waits for its plan, kept in the cache: what would be booted again, to the same instruction, is restored in
 * a second. It is one of the products that are found by the hash of what went into them.
 */
import { copyFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache, Product } from '../../cache.ts';
import { sha256 } from '../../hash.ts';
import type { PreparedGuest } from '../../image/prepare.ts';

/** A snapshot takes some 200 MB, so few stay; one that was found is restored within seconds, on a busy host within minutes. */
const keep = { count: 12, inUseMs: 600_000 };

const names = { state: 'state', console: 'console.log' } as const;

export interface SnapshotParts {
  readonly cache: Cache;
  readonly guest: Pick<PreparedGuest, 'kernelHash' | 'imageHash'>;
  /** What `qemu-system-x86_64 --version` says. */
  readonly version: string;
  /** QEMU's arguments but for what has another name in every boot, and the kernel's command line. */
  readonly args: readonly string[];
  /** What lies behind the image in the initrd. */
  readonly behindImage: Buffer;
  readonly progress: (line: string) => void;
}

export interface Snapshot {
  /** The guest's whole state, as QEMU writes it. */
  readonly state: string;
  /** What its console had said until then. */
  readonly console: string;
}

export class Snapshots {
  readonly #parts: SnapshotParts;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** The one there is; undefined if there is none, or none that is intact. */
  find(): Snapshot | undefined {
    const product = this.#parts.cache.find(this.#recipe);
    return product === undefined ? undefined : filesOf(product);
  }

  /** Keeps a guest that stands still. Who cannot (a cache that is only read, a full disk) says so, and boots in full the next time. */
  async keep(save: (file: string) => Promise<void>, consoleLog: string): Promise<void> {
    const { cache, progress } = this.#parts;
    try {
      await cache.product({
        ...this.#recipe,
        keep,
        progress,
        build: async (dir) => {
          await save(path.join(dir, names.state));
          await copyFile(consoleLog, path.join(dir, names.console));
          const { size } = await stat(path.join(dir, names.state));
          progress(`Keeping the guest as it waits for its plan (${Math.round(size / 1e6)} MB), for runs to come.`);
        },
      });
    } catch (error) {
      progress(`The guest could not be kept for runs to come, which boot it in full: ${(error as Error).message}`);
    }
  }

  get #recipe() {
    const { guest, version, args, behindImage } = this.#parts;
    const { kernelHash, imageHash } = guest;
    return { kind, inputs: { kernelHash, imageHash, version, args, behindImage: sha256(behindImage), format: 1 } };
  }
}

const kind = 'snapshot';

function filesOf({ dir }: Product): Snapshot {
  return { state: path.join(dir, names.state), console: path.join(dir, names.console) };
}
