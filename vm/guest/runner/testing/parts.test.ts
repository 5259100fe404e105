// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { crc32Hex } from '../../../../results/crc32.ts';
import { Parts } from './parts.ts';

const test = suite('the parts of the guest runner that need no guest', { timeoutMs: 70_000 });

let parts: Parts;
test.before(() => {
  parts = new Parts();
});
test.after(() => parts?.remove());

/** The protocol's bucket, with whole numbers of any size. */
function bucketOf(value: bigint): bigint {
  if (value < 128n) return value;
  const e = BigInt(value.toString(2).length - 1);
  return (e - 7n + 1n) * 128n + (value >> (e - 7n)) - 128n;
}

function lowerBoundOf(index: bigint): bigint {
  return index < 128n ? index : (128n + (index % 128n)) << (index / 128n - 1n);
}

test('crc32 is the known one, of nothing, of text and of any bytes', () => {
  assert.is(parts.ask(['crc32'], '123456789').trim(), 'cbf43926');
  assert.is(parts.ask(['crc32']).trim(), '00000000');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      assert.is(parts.ask(['crc32'], bytes).trim(), crc32Hex(bytes));
    }),
    { numRuns: 20 },
  );
});

test('a value falls into the bucket that the protocol says, and the bucket starts where it says', () => {
  const around = [7, 8, 20, 33, 63].flatMap((e) => [2n ** BigInt(e) - 1n, 2n ** BigInt(e), 2n ** BigInt(e) + 1n]);
  const any = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const small = fc.bigInt({ min: 0n, max: 100_000n });
  fc.assert(
    fc.property(fc.array(fc.oneof(any, small), { minLength: 1, maxLength: 500 }), (drawn) => {
      const values = [...drawn, ...around, 0n, 2n ** 64n - 1n];
      const lines = parts
        .ask(['histogram'], `${values.join('\n')}\n`)
        .trim()
        .split('\n');
      const counts = new Map<bigint, number>();
      values.forEach((value, i) => {
        const [index, low, count] = (lines[i] ?? '').split(' ');
        const expected = bucketOf(value);
        counts.set(expected, (counts.get(expected) ?? 0) + 1);
        assert.is(index, String(expected), `bucket of ${value}`);
        assert.is(low, String(lowerBoundOf(expected)), `lower bound of bucket ${expected}`);
        assert.is(count, String(counts.get(expected)));
        assert.ok(lowerBoundOf(expected) <= value && value < lowerBoundOf(expected + 1n), `${value} is in its bucket`);
      });
      const sum = BigInt.asUintN(
        64,
        values.reduce((a, b) => a + b, 0n),
      );
      assert.is(lines.at(-1), `${values.length} 0 ${2n ** 64n - 1n} ${sum}`);
    }),
    { numRuns: 20 },
  );
});

test('any text becomes JSON that reads back as the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      // A NUL ends a C string; lone surrogates have no UTF-8 form.
      const given = text.replaceAll('\0', '');
      const read = JSON.parse(parts.ask(['json'], given)) as { text: string; list: unknown[] };
      assert.is(read.text, Buffer.from(given).toString());
      assert.equal(read.list.slice(2), [null, true, {}]);
    }),
    { numRuns: 50 },
  );
});

test('bytes that are no UTF-8 become U+FFFD and nothing is lost around them', () => {
  for (const bad of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
    const read = JSON.parse(parts.ask(['json'], Buffer.from([0x61, ...bad, 0x62]))) as { text: string };
    assert.is(read.text, `a${'\ufffd'.repeat(bad.length)}b`, bad.map((b) => b.toString(16)).join(' '));
  }
});

test('the build-id is read from its note, and from nothing else', () => {
  const note = (type: number, name: string, id: number[], descsz = id.length) => {
    const head = Buffer.alloc(12);
    for (const [at, value] of [name.length, descsz, type].entries()) head.writeUInt32LE(value, 4 * at);
    return Buffer.concat([head, Buffer.from(name), Buffer.from(id)]);
  };
  const read = (bytes: Uint8Array) => parts.ask(['build-id'], bytes).trim();
  assert.is(read(note(3, 'GNU\0', [0x0a, 0xb6, 0x00, 0xff])), '0ab600ff');
  for (const [what, bytes] of Object.entries({
    'another type': note(1, 'GNU\0', [1, 2]),
    'another owner': note(3, 'GNX\0', [1, 2]),
    'a longer owner': note(3, 'GNUx\0', [1, 2]),
    'cut short': note(3, 'GNU\0', [1, 2], 20),
    'longer than any': note(3, 'GNU\0', Array(200).fill(7)),
    'a length that wraps': note(3, 'GNU\0', [1, 2], 0xffffffff),
    nothing: Buffer.alloc(0),
    'half a header': Buffer.alloc(6),
  }))
    assert.is(read(bytes), '', what);
});

test('an answer is padded to its size and is read back word for word', () => {
  const description = 'ks:c1:a:0:1';
  const [hex, parsed] = parts.ask(['answer', '256', description]).split('\n');
  const payload = Buffer.from(hex ?? '', 'hex');
  const text = `ks1 7 4294967295 4026531837 4026531840 4026531841 4026531836 ${description}`;
  assert.is(payload.length, 256);
  assert.is(payload.toString().replace(/\0+$/, ''), text);
  assert.is(parsed, 'agent 7 pid 4294967295 user 4026531837 net 4026531840 mnt 4026531841 pid 4026531836');
});

test('the longest description fits into the least answer', () => {
  const name = 'x'.repeat(32);
  assert.not.match(parts.ask(['answer', '256', `ks:${name}:${name}:63:4294967295`]), /does not fit|no answer/);
});

test('what is not the answer to this request is told from one', () => {
  const good = 'ks1 7 1 2 3 4 5 ks:c1:a:0:1';
  const judge = (payload: string) => parts.ask(['answer', '256', 'ks:c1:a:0:1'], payload).split('\n')[1];
  assert.match(judge(`${good}\0\0`) ?? '', /^agent 7 /);
  for (const bad of [
    good, // no NUL at its end
    `${good}0\0`, // another description that begins alike
    good.replace(':1', ':2'),
    `${good}\0x`,
    good.replace('ks1', 'ks2'),
    `${good.replace(' 7', ' -7')}\0`,
    `${good.replace(' 7', ' 4294967296')}\0`,
    `${good.replace(' 7', '')}\0`,
    'null',
  ])
    assert.is(judge(bad), 'no answer', bad);
});

test.run();
