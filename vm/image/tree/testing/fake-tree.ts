// SPDX-License-Identifier: MIT
/** For tests: a folder that looks like one in which a kernel was built. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { requiredOptions } from '../needed-options.ts';

/** An ELF file for x86-64 stands in for the kernel. */
const anyElf = '/bin/true';

export const fakeRelease = '6.99.0-mine+';

/** Files of a built tree by path; null leaves one out, a text replaces it. */
export type TreeChange = Readonly<Record<string, string | null>>;

/** Lines of a `.config` with everything that guests need. */
export function goodConfig(more: readonly string[] = []): string {
  const needed = requiredOptions().map((option) => `CONFIG_${option}=y`);
  return [
    'CONFIG_X86_64=y',
    'CONFIG_DNS_RESOLVER=m',
    'CONFIG_VETH=y',
    'CONFIG_BRIDGE=y',
    'CONFIG_DUMMY=y',
    ...needed,
    ...more,
    '',
  ].join('\n');
}

/** Makes the tree at `dir`; its kernel is a bzImage unless the configuration has PVH. */
export function makeFakeTree(dir: string, change: TreeChange = {}): void {
  const files: Record<string, string | null> = {
    Makefile: 'include /src/linux/Makefile\n',
    '.config': goodConfig(),
    'include/generated/utsrelease.h': `#define UTS_RELEASE "${fakeRelease}"\n`,
    'include/generated/autoconf.h': '',
    'Module.symvers': '0x1 request_key_tag vmlinux EXPORT_SYMBOL\n',
    'scripts/mod/modpost': '',
    'arch/x86/boot/bzImage': 'a kernel',
    'modules.order': 'net/dns_resolver/dns_resolver.o\n',
    'net/dns_resolver/dns_resolver.ko': null,
    ...change,
  };
  for (const [name, text] of Object.entries(files)) {
    if (text === null) continue;
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const name of ['vmlinux', 'net/dns_resolver/dns_resolver.ko'])
    if (!(name in change)) {
      mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
      copyFileSync(anyElf, path.join(dir, name));
    }
}
