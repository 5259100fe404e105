// SPDX-License-Identifier: MIT
/** /dev/kvm, as far as looking at it tells: that it is there and opens does not mean that a guest boots. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { KvmVerdict } from './verdict.ts';

export const kvmDevice = '/dev/kvm';

/** Major and minor number of a device that opens, e.g. '10:232'; or why there is no use in trying. */
export type DeviceLook = { readonly device: string } | { readonly verdict: Pick<KvmVerdict, 'outcome' | 'detail'> };

/** Opens `path` as QEMU would and closes it again. `open` is for tests. */
export function lookAtKvm(path: string = kvmDevice, open: typeof openSync = openSync): DeviceLook {
  let fd: number;
  try {
    fd = open(path, constants.O_RDWR);
  } catch (error) {
    return { verdict: refusal(path, (error as NodeJS.ErrnoException).code ?? String(error)) };
  }
  try {
    const status = fstatSync(fd);
    if (!status.isCharacterDevice()) return { verdict: { outcome: 'absent', detail: `${path} is no device` } };
    return { device: `${status.rdev >> 8}:${status.rdev & 0xff}` };
  } finally {
    closeSync(fd);
  }
}

function refusal(path: string, code: string): Pick<KvmVerdict, 'outcome' | 'detail'> {
  if (code === 'ENOENT') return { outcome: 'absent', detail: `this host has no ${path}` };
  if (code !== 'EACCES' && code !== 'EPERM') return { outcome: 'absent', detail: `${path} cannot be opened (${code})` };
  return { outcome: 'forbidden', detail: `you may not open ${path} (${code}; on Debian the group kvm may)` };
}
