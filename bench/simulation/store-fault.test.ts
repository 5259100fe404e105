// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { MemoryDisk } from '../../results/testing/memory-disk.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { drawStoreFault, type StoreFault, storeFaultText, watchedFiles } from './store-fault.ts';

const test = suite('faults of a disk');

/** Which of five writes to a file fail. */
function failures(fault: StoreFault): number[] {
  const disk = new MemoryDisk();
  const { files } = watchedFiles(disk, fault, () => {});
  const fd = disk.open('/file', 'wx');
  return [0, 1, 2, 3, 4].filter(() => {
    try {
      files.write(fd, Buffer.from('x'));
      return false;
    } catch (error) {
      assert.is((error as NodeJS.ErrnoException).code, fault.code);
      return true;
    }
  });
}

test('the nth operation of its kind fails, and those after it as long as it lasts', () => {
  const base = { code: 'EIO', of: 'write', nth: 1 } as const;
  assert.equal(failures({ ...base, lasts: 1 }), [1]);
  assert.equal(failures({ ...base, lasts: 2 }), [1, 2]);
  assert.equal(failures({ ...base, of: null, lasts: Number.POSITIVE_INFINITY }), [1, 2, 3, 4]);
  assert.equal(failures({ ...base, of: 'sync', lasts: 1 }), []);
  assert.is(storeFaultText({ ...base, lasts: 2 }), 'EIO at write 1, 2 times');
});

test('a descriptor is let go of though closing it fails, and a write may take a part', () => {
  const disk = new MemoryDisk();
  const fault = { code: 'EIO', of: 'close', nth: 0, lasts: 1 } as const;
  const before: number[] = [];
  const { files, failed, operations } = watchedFiles(
    disk,
    fault,
    (n) => before.push(n),
    () => 2,
  );
  const fd = files.open('/file', 'wx');
  assert.is(files.write(fd, Buffer.from('abc')), 2);
  assert.throws(() => files.close(fd), /EIO/);
  assert.is(disk.openFiles, 0);
  assert.equal([operations, failed, before], [['open', 'write', 'close'], [2], [0, 1, 2]]);
});

test('every code, kind and length is drawn', () => {
  const random = randomOf(1);
  const drawn = Array.from({ length: 500 }, () => drawStoreFault(random));
  assert.is(new Set(drawn.map(({ code }) => code)).size, 2);
  assert.is(new Set(drawn.map(({ of }) => of)).size, 8);
  assert.is(new Set(drawn.map(({ lasts }) => lasts)).size, 4);
});

test.run();
