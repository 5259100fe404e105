// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { compressedPayload } from './bzimage.ts';

const test = suite('kernel unpacking');

function image(setupSectors: number, payload: Buffer): Buffer {
  const start = (setupSectors === 0 ? 5 : setupSectors + 1) * 512;
  const bytes = Buffer.alloc(start + 16 + payload.length + 4);
  bytes.writeUInt8(setupSectors, 0x1f1);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt32LE(16, 0x248);
  bytes.writeUInt32LE(payload.length + 4, 0x24c);
  payload.copy(bytes, start + 16);
  return bytes;
}

test('the payload is where the boot protocol says, without the appended size', () => {
  const payload = Buffer.from('compressed kernel');
  for (const sectors of [0, 4, 39]) assert.equal(compressedPayload(image(sectors, payload), 'k'), payload);
});

test('what is no bzImage, or a part of one, is refused', () => {
  const whole = image(4, Buffer.from('compressed kernel'));
  assert.throws(() => compressedPayload(Buffer.alloc(4096), 'k'), /k is not a bzImage/);
  assert.throws(() => compressedPayload(whole.subarray(0, whole.length - 1), 'k'), /k is truncated/);
});

test.run();
