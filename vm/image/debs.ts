// SPDX-License-Identifier: MIT
/** Package files in the cache, named by what they are and verified every time they are used; nothing is fetched twice. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rename, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { sha256 } from '../hash.ts';
import { run } from '../host/command.ts';
import type { PackageFile, PrivateApt } from './apt.ts';

export class DebStore {
  constructor(
    readonly cache: Cache,
    readonly apt: PrivateApt,
  ) {}

  /** True when an intact copy is here already. */
  async has(file: PackageFile): Promise<boolean> {
    const stored = this.#path(file);
    return existsSync(stored) && sha256(readFileSync(stored)) === file.sha256;
  }

  /** Paths of the files, in the order asked; fetches what is missing. KeystormError (exit 3) when a checksum is wrong. */
  async fetch(files: readonly PackageFile[]): Promise<string[]> {
    const missing: PackageFile[] = [];
    for (const file of files) if (!(await this.has(file))) missing.push(file);
    if (missing.length > 0) await this.#download(missing);
    return files.map((file) => this.#path(file));
  }

  /** Unpacks packages over one another into `dir`; needs no privilege. */
  async unpack(files: readonly PackageFile[], dir: string): Promise<void> {
    for (const deb of await this.fetch(files)) {
      await run('dpkg-deb', ['-x', deb, dir]);
      // It is given the package's age, by which it would look like a folder that was left behind long ago.
      await utimes(dir, new Date(), new Date());
    }
  }

  async #download(missing: readonly PackageFile[]): Promise<void> {
    this.apt.progress(`Fetching ${missing.length} Debian packages (${shorten(missing)}).`);
    await this.cache.folder('debs');
    await this.cache.scratch('debs', async (dir) => {
      await this.apt.download(missing, dir);
      const fetched = await readdir(dir);
      for (const file of missing) {
        const name = fetched.find((f) => f.startsWith(`${file.name}_${encodeVersion(file.version)}_`));
        if (name === undefined)
          throw new KeystormError(
            `apt fetched no file for ${file.name} ${file.version} (got ${fetched.join(' ')}).`,
            3,
          );
        const sum = sha256(readFileSync(path.join(dir, name)));
        if (sum !== file.sha256)
          throw new KeystormError(
            `The package ${file.name} ${file.version} does not have the expected contents (sha256 ${sum}, expected ${file.sha256}) and was not used: remove ${path.join(this.cache.root, 'apt')}, and if that does not help, see what the mirror offers.`,
            3,
          );
        await rename(path.join(dir, name), this.#path(file));
      }
    });
  }

  #path(file: PackageFile): string {
    return path.join(this.cache.root, 'debs', `${file.name}_${encodeVersion(file.version)}.deb`);
  }
}

/** The way apt writes a version in a file name: the colon of an epoch escaped. */
function encodeVersion(version: string): string {
  return version.replace(/:/g, '%3a');
}

function shorten(files: readonly PackageFile[]): string {
  const names = files.map((f) => f.name);
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
