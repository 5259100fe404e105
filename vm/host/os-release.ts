// SPDX-License-Identifier: MIT
/** What /etc/os-release says of this host (os-release(5)); every function takes the file's text. */
import { readFileSync } from 'node:fs';

/** The file's text; empty where there is none. */
export function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

export function isDebian12(osRelease: string): boolean {
  return field(osRelease, 'ID') === 'debian' && field(osRelease, 'VERSION_ID') === '12';
}

/** The name of its suite, e.g. 'bookworm'; undefined for a system that has none. */
export function codename(osRelease: string): string | undefined {
  return field(osRelease, 'VERSION_CODENAME');
}

/** Its name for people. */
export function osName(osRelease: string): string {
  return field(osRelease, 'PRETTY_NAME') ?? 'an unknown system';
}

function field(osRelease: string, name: string): string | undefined {
  return new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1];
}
