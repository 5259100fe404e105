// SPDX-License-Identifier: MIT
/** What an answer about KVM holds for. Whatever of it changes, the answer is asked for anew. */
import { readFileSync } from 'node:fs';
import { cpus, hostname, release, version } from 'node:os';
import { hashJson, sha256 } from '../../hash.ts';

export interface KvmIdentity {
  /** Host name and a hash of its machine id: a cache may be shared, and hosts of one model are still different hosts. */
  readonly host: string;
  /** Model and a hash of its features, which a hypervisor under us may change. */
  readonly cpu: string;
  readonly hostKernel: string;
  /** Major and minor number of /dev/kvm, and the modules behind it. */
  readonly kvm: string;
  /** What `qemu-system-x86_64 --version` says. */
  readonly qemu: string;
  /** sha256 of the package the guest's kernel comes from. */
  readonly kernel: string;
  /** QEMU's arguments, without the paths of files. */
  readonly flags: string;
}

/** This host, with the parts that the caller knows. */
export function kvmIdentity(parts: Pick<KvmIdentity, 'qemu' | 'kernel' | 'flags'> & { device: string }): KvmIdentity {
  const { device, ...rest } = parts;
  const info = textOf('/proc/cpuinfo').split('\n\n')[0] ?? '';
  // The current frequency is among the lines; what the processor can do is not.
  const lasting = info.split('\n').filter((line) => /^(vendor_id|cpu family|model|stepping|flags|bugs)\s*:/.test(line));
  return {
    host: `${hostname()} ${sha256(textOf('/etc/machine-id')).slice(0, 12)}`,
    cpu: `${cpus()[0]?.model ?? 'unknown'} ${sha256(lasting.join('\n')).slice(0, 12)}`,
    hostKernel: `${release()} ${version()}`,
    kvm: `${device} ${modules()}`,
    ...rest,
  };
}

/** Names an identity in a file name. */
export function identityHash(identity: KvmIdentity): string {
  return hashJson({ ...identity }).slice(0, 24);
}

/** The names of KVM's vendor modules where the host tells, with whether they nest. */
function modules(): string {
  return ['kvm_amd', 'kvm_intel']
    .map((name) => [name, textOf(`/sys/module/${name}/parameters/nested`).trim()] as const)
    .filter(([, nested]) => nested !== '')
    .map(([name, nested]) => `${name} nested=${nested}`)
    .join(' ');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
