// SPDX-License-Identifier: MIT
/** Puts the guest's root file system together, all but the keys of a run. The same inputs give the same bytes. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { type Cache, checkoutDir, type Product } from '../cache.ts';
import { sha256 } from '../hash.ts';
import { walk } from '../product-record.ts';
import { padding } from './arrangement.ts';
import { type ArchiveEntry, characterDevice, file, folder, link, writeArchive } from './newc.ts';

/** What goes into an image. Without `programs` and `module` it is a bare guest: a kernel, a shell, keyutils and crun. */
export interface ImageParts {
  readonly release: string;
  readonly kernel: Product;
  readonly userland: Product;
  readonly programs?: Product;
  readonly module?: Product;
  /** Our own files lie elsewhere; absent: where they usually do. */
  readonly arrangement?: number | undefined;
}

/** Where our own files are in the guest. */
export const guestFolder = '/keystorm';

/**
 * The rules that send upcalls for our keys to our answerers, through the real /sbin/request-key. Arguments: operation, key,
 * uid, gid, thread, process and session keyring. By the second a program that a container asks for is executed on the host: today's
 * weakness, which checks show.
 */
export const requestKeyRules = [
  `create user ks:* * ${guestFolder}/ks-answer %o %k %u %g %T %P %S\n`,
  `create usermode_helper * * ${guestFolder}/ks-answer-by-type %k\n`,
].join('');

const accounts = [
  ['root', 0, '/root', '/bin/bash'],
  ['daemon', 1, '/', '/bin/false'],
  ['keystorm', 1000, '/tmp', '/bin/bash'],
  ['nobody', 65534, '/', '/bin/false'],
] as const;

/** Type, place and options, in the order of mounting; /proc is there before them. */
const mounts = [
  ['sysfs', '/sys', 'nosuid,nodev,noexec'],
  ['devtmpfs', '/dev', 'nosuid,mode=0755'],
  ['devpts', '/dev/pts', 'nosuid,noexec,gid=5,mode=0620,ptmxmode=0666,X-mount.mkdir'],
  ['tmpfs', '/dev/shm', 'nosuid,nodev,mode=1777,X-mount.mkdir'],
  ['tmpfs', '/run', 'nosuid,nodev,mode=0755'],
  ['tmpfs', '/tmp', 'nosuid,nodev,mode=1777'],
  ['cgroup2', '/sys/fs/cgroup', 'nosuid,nodev,noexec'],
  ['tracefs', '/sys/kernel/tracing', 'nosuid,nodev,noexec'],
  ['debugfs', '/sys/kernel/debug', 'nosuid,nodev,noexec'],
] as const;

/** The guest's address in QEMU's user network. */
export const guestAddress = '10.0.2.15';

/**
 * For `ip -batch`; QEMU's user network gives the guest this address. What a network stack says by itself some time after the
 * fact would fall into measuring windows, so nothing is left to be said: the host's end is known for good (no ARP; its
 * hardware address is QEMU's 52:55 and the IP address), and what arrives is acknowledged at once, not 40 to 200 ms later.
 */
const network = [
  'link set lo up\n',
  `addr add ${guestAddress}/24 dev eth0 noprefixroute\n`,
  'link set eth0 up\n',
  `route add 10.0.2.0/24 dev eth0 src ${guestAddress} quickack 1\n`,
  'neigh add 10.0.2.2 lladdr 52:55:0a:00:02:02 dev eth0 nud permanent\n',
];

/** Copied into the /dev that the kernel fills. */
const deviceLinks = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
] as const;

/** The product 'image': `initramfs.cpio`, uncompressed (the guest is slower at unpacking than the host at loading). */
export function imageProduct(cache: Cache, parts: ImageParts, progress: (line: string) => void): Promise<Product> {
  const init = readFileSync(path.join(checkoutDir, 'vm', 'guest', 'init'));
  const { arrangement } = parts;
  const apart = arrangement === undefined ? [] : [padding('.arrangement', arrangement)];
  const extras = [...apart, ...settings(), ...skeleton(), file('init', init, 0o755)];
  const products = [parts.userland, parts.kernel, parts.programs, parts.module];
  return cache.product({
    kind: 'image',
    keep: { count: 24 },
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
    file('etc/request-key.d/keystorm.conf', requestKeyRules),
    file('etc/fstab', mounts.map(([type, where, options]) => `${type} ${where} ${type} ${options} 0 0\n`).join('')),
    file('etc/keystorm/network', network.join('')),
    file('etc/keystorm/address', `${guestAddress}\n`),
    ...deviceLinks.map(([name, target]) => link(`etc/keystorm/dev/${name}`, target)),
  ];
}

function skeleton(): ArchiveEntry[] {
  return [
    ...['proc', 'sys', 'dev', 'run', 'newroot', 'mnt', 'var/tmp', 'var/log', 'etc/dropbear'].map((name) =>
      folder(name),
    ),
    // The kernel leaves the root of an initramfs writable by everybody, unless the archive names it.
    folder('.'),
    folder('root', 0o700),
    folder('root/.ssh', 0o700),
    folder('tmp', 0o1777),
    folder(guestFolder.slice(1)),
    link('var/run', '/run'),
    characterDevice('dev/console', 5, 1, 0o600),
    characterDevice('dev/null', 1, 3, 0o666),
  ];
}
