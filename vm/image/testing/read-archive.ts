// SPDX-License-Identifier: MIT
/** For tests: reads initramfs archives back, by the format's own description. */
import * as assert from 'uvu/assert';

export interface ArchiveMember {
  readonly path: string;
  /** Type and permissions, octal. */
  readonly mode: string;
  readonly ino: number;
  readonly data: Buffer;
  /** 'major:minor' */
  readonly device: string;
}

/** The members of the archives in `image`, one after the other, as the kernel unpacks them; owner, group and time must be zero. */
export function readArchives(image: Buffer): ArchiveMember[] {
  const found: ArchiveMember[] = [];
  for (let at = 0; at < image.length; ) {
    assert.is(image.subarray(at, at + 6).toString(), '070701', `at byte ${at}`);
    const field = (i: number) => Number.parseInt(image.subarray(at + 6 + i * 8, at + 14 + i * 8).toString(), 16);
    const nameAt = at + 110;
    const path = image.subarray(nameAt, nameAt + field(11) - 1).toString();
    const dataAt = padded(nameAt + field(11));
    const dataEnd = dataAt + field(6);
    for (const zero of [2, 3, 5]) assert.is(field(zero), 0, `owner, group and time of ${path}`);
    if (path !== 'TRAILER!!!') {
      const device = `${field(9)}:${field(10)}`;
      found.push({ path, mode: field(1).toString(8), ino: field(0), data: image.subarray(dataAt, dataEnd), device });
    }
    at = padded(dataEnd);
    if (path === 'TRAILER!!!') while (at < image.length && image[at] === 0) at++;
  }
  return found;
}

function padded(at: number): number {
  return Math.ceil(at / 4) * 4;
}
