// SPDX-License-Identifier: MIT
/** Puts the guest's root file system together, all but the keys of a run. The same inputs give the same bytes. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { type Cache, checkoutDir, type Product, sha256, walk } from '../cache.ts';
import { type ArchiveEntry, characterDevice, file, folder, link, writeArchive } from './newc.ts';

/** What goes into an image. Without `programs` and `module` it is a bare guest: a kernel, a shell, keyutils and crun. */
export interface ImageParts {
  readonly release: string;
  readonly kernel: Product;
  readonly userland: Product;
  readonly programs?: Product;
  readonly module?: Product;
}

/** Where our own files are in the guest. */
export const guestFolder = '/keystorm';

/**
 * The rule that sends upcalls for our keys to our answerer, through the real /sbin/request-key. Arguments: operation, key,
 * uid, gid, thread, process and session keyring.
 */
const requestKeyRule = `create user ks:* * ${guestFolder}/ks-answer %o %k %u %g %T %P %S\n`;

const accounts = [
  ['root', 0, '/root', '/bin/bash'],
  ['daemon', 1, '/', '/bin/false'],
  ['keystorm', 1000, '/tmp', '/bin/bash'],
  ['nobody', 65534, '/', '/bin/false'],
] as const;

/** The product 'image': `initramfs.cpio`, uncompressed (the guest is slower at unpacking than the host at loading). */
export function imageProduct(cache: Cache, parts: ImageParts, progress: (line: string) => void): Promise<Product> {
  const init = readFileSync(path.join(checkoutDir, 'vm', 'guest', 'init'));
  const extras = [...settings(), ...skeleton(), file('init', init, 0o755)];
  const products = [parts.userland, parts.kernel, parts.programs, parts.module];
  return cache.product({
    kind: 'image',
    inputs: {
      products: products.map((product) => product?.digest ?? null),
      release: parts.release,
      extras: sha256(writeArchive(extras)),
      format: 1,
    },
    progress,
    build: async (dir) => {
      progress('Assembling the guest image.');
      const userland = readFileSync(path.join(parts.userland.dir, 'userland.cpio'));
      const own = writeArchive([...extras, ...kernelModules(parts), ...ownFiles(parts)]);
      // The kernel unpacks archives that follow one another; a later file replaces an earlier one.
      await writeFile(path.join(dir, 'initramfs.cpio'), Buffer.concat([userland, own]));
    },
  });
}

function kernelModules(parts: ImageParts): ArchiveEntry[] {
  const target = `usr/lib/modules/${parts.release}`;
  const from = parts.kernel.dir;
  return [
    ...walk(path.join(from, 'modules')).map((name) =>
      file(`${target}/${name}`, readFileSync(path.join(from, 'modules', name))),
    ),
    file(`${target}/modules.dep`, readFileSync(path.join(from, 'modules.dep'))),
    file('etc/keystorm/boot-modules', readFileSync(path.join(from, 'boot-modules'))),
  ];
}

function ownFiles(parts: ImageParts): ArchiveEntry[] {
  return [parts.programs, parts.module].flatMap((product) =>
    product === undefined
      ? []
      : Object.keys(product.files).map((name) =>
          file(
            path.posix.join(guestFolder.slice(1), name),
            readFileSync(path.join(product.dir, name)),
            name.endsWith('.ko') ? 0o644 : 0o755,
          ),
        ),
  );
}

function settings(): ArchiveEntry[] {
  const passwd = accounts.map(([name, id, home, shell]) => `${name}:x:${id}:${id}::${home}:${shell}\n`);
  // "*": no password matches; a "!" would lock the account for keys too.
  const shadow = accounts.map(([name]) => `${name}:*:19000:0:99999:7:::\n`);
  const group = [...accounts.map(([name, id]) => `${name}:x:${id}:\n`), 'tty:x:5:\n'];
  return [
    file('etc/passwd', passwd.join('')),
    file('etc/shadow', shadow.join(''), 0o600),
    file('etc/group', group.join('')),
    file('etc/shells', '/bin/bash\n/bin/sh\n'),
    file('etc/hosts', '127.0.0.1 localhost keystorm\n'),
    file('etc/hostname', 'keystorm\n'),
    file('etc/nsswitch.conf', 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n'),
    file('etc/request-key.d/keystorm.conf', requestKeyRule),
  ];
}

function skeleton(): ArchiveEntry[] {
  return [
    ...['proc', 'sys', 'dev', 'run', 'newroot', 'mnt', 'var/tmp', 'var/log', 'etc/dropbear'].map((name) =>
      folder(name),
    ),
    folder('root', 0o700),
    folder('root/.ssh', 0o700),
    folder('tmp', 0o1777),
    folder(guestFolder.slice(1)),
    link('var/run', '/run'),
    characterDevice('dev/console', 5, 1, 0o600),
    characterDevice('dev/null', 1, 3, 0o666),
  ];
}
