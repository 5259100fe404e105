// SPDX-License-Identifier: MIT
/** What a host needs, as data: each command or file with the Debian 12 package that brings it. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';

export interface HostNeed {
  /** A program looked up in PATH (and the sbin folders), or an absolute path of a file. */
  readonly needs: string;
  /** The Debian 12 package that brings it. */
  readonly from: string;
  readonly why: string;
  /** Without which no guest runs; or without which nothing is fetched and built: not needed where the cache holds everything. */
  readonly of: 'running' | 'making';
}

export const hostNeeds: readonly HostNeed[] = [
  { needs: 'apt-get', from: 'apt', why: "fetches the guest's packages into the cache", of: 'making' },
  { needs: 'apt-cache', from: 'apt', why: "resolves the guest's packages", of: 'making' },
  { needs: 'dpkg-deb', from: 'dpkg', why: "unpacks the guest's packages", of: 'making' },
  { needs: 'setpriv', from: 'util-linux', why: 'ends QEMU when the harness dies', of: 'running' },
  { needs: 'flock', from: 'util-linux', why: 'lets two harnesses share a cache', of: 'running' },
  { needs: 'taskset', from: 'util-linux', why: "pins a guest's processors where there is KVM", of: 'running' },
  { needs: 'lz4', from: 'lz4', why: "unpacks the guest's kernel", of: 'making' },
  { needs: 'qemu-system-x86_64', from: 'qemu-system-x86', why: 'runs the guests', of: 'running' },
  { needs: 'make', from: 'make', why: "builds the module and the guest's programs", of: 'making' },
  { needs: 'gcc', from: 'gcc', why: "compiles the guest's programs", of: 'making' },
  {
    needs: 'gcc-12',
    from: 'gcc-12',
    why: "compiles the module: the kernel's headers name this compiler",
    of: 'making',
  },
  { needs: 'ld', from: 'binutils', why: 'links them', of: 'making' },
  {
    needs: '/usr/lib/x86_64-linux-gnu/libc.a',
    from: 'libc6-dev',
    why: "the guest's programs are static",
    of: 'making',
  },
  {
    needs: '/usr/include/linux/keyctl.h',
    from: 'linux-libc-dev',
    why: 'declares the interfaces of the kernel',
    of: 'making',
  },
  {
    needs: '/usr/lib/x86_64-linux-gnu/libelf.so.1',
    from: 'libelf1',
    why: "objtool, part of the module's build",
    of: 'making',
  },
];

/** Where an ordinary user's PATH does not lead. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** True when `needs` is on this host. */
export function isPresent(needs: string, searchPath: string = process.env.PATH ?? ''): boolean {
  if (needs.startsWith('/')) return existsSync(needs);
  const folders = [...searchPath.split(':').filter((folder) => folder !== ''), ...systemFolders];
  return folders.some((folder) => existsSync(path.join(folder, needs)));
}

/** Needs that are not met, in the order of the table. */
export function missingNeeds(present: (needs: string) => boolean = isPresent): HostNeed[] {
  return hostNeeds.filter((need) => !present(need.needs));
}

/** The packages that bring them, each once, sorted. */
export function packagesFor(needs: readonly HostNeed[]): string[] {
  return [...new Set(needs.map((need) => need.from))].sort();
}
