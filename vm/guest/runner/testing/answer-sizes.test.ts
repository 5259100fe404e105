// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Parts } from './parts.ts';

const test = suite('answers of several sizes', { timeoutMs: 70_000 });

let parts: Parts;
test.before(() => {
  parts = new Parts();
});
test.after(() => parts?.remove());

function sizesOf(list: string, descriptions: readonly string[]): string[] {
  return parts.ask(['answer-size', list], descriptions.join('\n')).trim().split('\n');
}

const anySizes = fc.array(fc.integer({ min: 256, max: 1024 }), { minLength: 1, maxLength: 8 });

test('the request with sequence number k gets size k modulo their number, however long k is', () => {
  const anyNumber = fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 10n ** 40n }));
  fc.assert(
    fc.property(anySizes, fc.array(anyNumber, { minLength: 1, maxLength: 50 }), (sizes, numbers) => {
      const said = sizesOf(
        sizes.join(','),
        numbers.map((k) => `ks:c1:victim:3:${k}`),
      );
      const expected = numbers.map((k) => String(sizes[Number(k % BigInt(sizes.length))]));
      assert.equal(said, expected);
    }),
    { numRuns: 25 },
  );
});

test('the last number counts, and a description that ends in none gets the first size', () => {
  const descriptions = ['ks:c1:a:0:hit', 'ks:c1:a:2:1x', '1:', 'plain', 'key1', '2', 'ks:c1:a:1:0002', 'ks:c-1'];
  const said = sizesOf('256,512,1024', descriptions);
  assert.equal(said, ['256', '256', '256', '256', '512', '1024', '1024', '512']);
});

test('a list of sizes may end in a newline, and in nothing else', () => {
  assert.equal(sizesOf('256,1024\n', ['1']), ['1024']);
  for (const bad of ['', ',', '256,', ',256', '256 512', '256,512x', '256\n\n', '255', '1025', '99999999999', '-256'])
    assert.equal(sizesOf(bad, ['1']), ['no sizes'], JSON.stringify(bad));
  const eight = Array(8).fill('256').join(',');
  assert.equal(sizesOf(eight, ['1']), ['256']);
  assert.equal(sizesOf(`${eight},256`, ['1']), ['no sizes']);
});

test.run();
