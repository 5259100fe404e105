// SPDX-License-Identifier: MIT
/** What Vagrant is told by environment variables: a home of its own, and nothing of the user's. */
import * as path from 'node:path';
import { type Cache, checkoutDir } from '../cache.ts';

/** Where it keeps boxes: in the cache, so that they are unpacked once. */
export async function vagrantHome(cache: Cache): Promise<string> {
  return await cache.folder('vagrant', 'home');
}

/** Of a guest, by the folder in which Vagrant remembers it. */
export type VagrantEnvironment = (state: string) => NodeJS.ProcessEnv;

/** The variables, beside those of our own environment. */
export async function vagrantEnvironment(cache: Cache, accelerator: 'tcg' | 'kvm'): Promise<VagrantEnvironment> {
  const home = await vagrantHome(cache);
  return (state) => ({
    VAGRANT_HOME: home,
    VAGRANT_CWD: checkoutDir,
    VAGRANT_DOTFILE_PATH: path.resolve(state),
    VAGRANT_DEFAULT_PROVIDER: 'libvirt',
    VAGRANT_NO_COLOR: '1',
    // It would ask its maker for a newer version.
    VAGRANT_CHECKPOINT_DISABLE: '1',
    LIBVIRT_DEFAULT_URI: 'qemu:///system',
    // Of the namespaces of its libvirt (sandbox.sh).
    HOME: '/run/home',
    KEYSTORM_CACHE: cache.root,
    KEYSTORM_DRIVER: driverOf(accelerator),
  });
}

/** libvirt's name of a kind of domain. */
export function driverOf(accelerator: 'tcg' | 'kvm'): 'qemu' | 'kvm' {
  return accelerator === 'kvm' ? 'kvm' : 'qemu';
}
