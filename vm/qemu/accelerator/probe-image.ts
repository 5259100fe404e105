// SPDX-License-Identifier: MIT
/** The initramfs of the tiny guest: one static program, and the console it writes to. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cache, Product } from '../../cache.ts';
import { sha256 } from '../../hash.ts';
import { run } from '../../host/command.ts';
import { characterDevice, file, writeArchive } from '../../image/newc.ts';

const source = fileURLToPath(new URL('./init.c', import.meta.url));
const flags = [
  ...[
    '-std=c11',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-ffreestanding',
    '-nostdlib',
    '-static',
    '-no-pie',
    '-fno-pie',
  ],
  ...['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-Wl,--build-id=none', '-s'],
];

/** The product 'probe': `initramfs.cpio`. */
export function probeImage(cache: Cache, progress: (line: string) => void): Promise<Product> {
  return cache.product({
    kind: 'probe',
    inputs: { source: sha256(readFileSync(source)), flags, format: 1 },
    progress,
    build: async (dir) => {
      await cache.scratch('probe', async (work) => {
        const init = path.join(work, 'init');
        await run('gcc', [...flags, '-o', init, source]);
        const entries = [file('init', readFileSync(init), 0o755), characterDevice('dev/console', 5, 1, 0o600)];
        await writeFile(path.join(dir, 'initramfs.cpio'), writeArchive(entries));
      });
    },
  });
}
