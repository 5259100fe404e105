// SPDX-License-Identifier: MIT
/** A machine that has everything, as the script that looks around describes it. */

const good = {
  uid: '0',
  sudo: 'no',
  release: '6.1.0-99-amd64',
  architecture: 'x86_64',
  version:
    'Linux version 6.1.0-99-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.999-1 (2030-01-01)',
  cmdline: 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro',
  boot_id: '7f3b2a90-1c4d-4e5f-8a6b-0123456789ab',
  processors: '8',
  memory_kib: '16384000',
  codename: 'bookworm',
  distribution: 'debian',
  crun: 'yes',
  request_key: 'yes',
  flock: 'yes',
  groups: 'yes',
  modules_disabled: '0',
  signatures: 'N',
  lockdown: '[none] integrity confidentiality',
  user_namespaces: '63000',
  kernel_events: '1',
  headers: 'no',
  headers_sum: '',
  compiler: '',
  folder: 'absent',
};

export type FactName = keyof typeof good;

/** What the script writes on such a machine, but for some facts. */
export function factsText(change: Readonly<Partial<Record<FactName, string>>> = {}): string {
  return Object.entries({ ...good, ...change })
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
