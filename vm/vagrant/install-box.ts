// SPDX-License-Identifier: MIT
/** Has Vagrant unpack a box into its home in the cache, once. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import type { Box } from './boxes.ts';
import { type VagrantEnvironment, vagrantHome } from './environment.ts';
import type { Sandbox } from './sandbox.ts';
import { Vagrant } from './vagrant.ts';

/** Unpacking 100 MB on a slow disk. */
const boundMs = 600_000;

export interface InstallingParts {
  readonly sandbox: Sandbox;
  readonly environment: VagrantEnvironment;
  /** For its log, and what Vagrant writes down. */
  readonly folder: string;
}

/** @throws KeystormError (2) when Vagrant takes the file for no box of libvirt's. */
export async function installBox(
  cache: Cache,
  box: Box,
  { sandbox, environment, folder }: InstallingParts,
  progress: (line: string) => void,
): Promise<void> {
  const unpacked = path.join(await vagrantHome(cache), 'boxes', box.name);
  await cache.alone('vagrant-box', progress, async () => {
    if (existsSync(unpacked)) return;
    progress(`Unpacking the box ${box.name} for Vagrant.`);
    const log = path.join(folder, 'box-add.log');
    const vagrant = new Vagrant({ sandbox, environment: environment(path.join(folder, 'state')), log });
    const args = ['box', 'add', '--provider', 'libvirt', '--name', box.name, box.file];
    const { code, complaint } = await vagrant.run(args, boundMs);
    if (code !== 0)
      throw new KeystormError(`Vagrant does not take ${box.file} for a box: ${complaint}; npm run box builds one.`);
  });
}
