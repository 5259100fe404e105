// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { decodeRecord, encodeRecord, type RecordBody, recordSchema } from './records.ts';
import { seal, unseal } from './seal.ts';
import { aCell, aPlan } from './testing/plans.ts';
import { recordBodies, stamped } from './testing/runs.ts';

const test = suite('records');

const odd: RecordBody[] = [
  { kind: 'bad-frame', boot: 0, text: 'KSF \u0000\u001b[31m "}', reason: 'crc' },
  { kind: 'stray', boot: 0, text: 'Grüße, "crc":"00000000"}' },
  { kind: 'failure', boot: null, failureKind: 'out-of-disk', message: 'm', consoleTail: ['a', ''] },
  {
    kind: 'failure',
    boot: 0,
    failureKind: 'oops',
    message: 'm',
    consoleTail: [],
    title: 'KASAN: slab-out-of-bounds Read in f',
    fingerprint: '0123456789ab',
  },
  { kind: 'aborted', boot: null, signal: 'SIGINT' },
  { kind: 'harness', boot: 0, cell: 'c0', index: 1, wallNs: 5_000_000_000, cpuNs: 12_000_000 },
  { kind: 'resumed', boot: null, again: [0, 2], tool: { version: '1', commit: null, dirty: false } },
];
const records = stamped([...recordBodies(aPlan([aCell()], 1)), ...odd]);

test('every kind of record is read back as it was written, from one line of plain JSON', () => {
  for (const record of records) {
    const text = encodeRecord(record);
    assert.not.match(text, '\n');
    assert.equal(decodeRecord(text), { ok: true, record });
    const { crc, ...plain } = JSON.parse(text);
    assert.match(crc, /^[0-9a-f]{8}$/);
    assert.equal(plain, record);
  }
  assert.is(new Set(records.map(({ kind }) => kind)).size, recordSchema.options.length);
});

test('a record of the first version is read as it stands', () => {
  const [record] = records;
  assert.ok(record);
  const old = { ...record, v: 1 } as const;
  assert.equal(decodeRecord(encodeRecord(old)), { ok: true, record: old });
});

test('any byte flipped is noticed', () => {
  const lines = records.map((record) => Buffer.from(encodeRecord(record)));
  fc.assert(
    fc.property(fc.constantFrom(...lines), fc.nat(), fc.integer({ min: 1, max: 255 }), (line, position, flip) => {
      const broken = Buffer.from(line);
      const at = position % line.length;
      broken[at] = (broken[at] as number) ^ flip;
      assert.not.ok(decodeRecord(broken).ok);
    }),
    { numRuns: 1000 },
  );
});

test('a sealed line that is no record, or of another version, is refused with the place', () => {
  const [record] = records;
  for (const [change, place] of [
    [{ v: 5 }, /\bv:/],
    [{ kind: 'gossip' }, /kind:/],
    [{ at: 'yesterday' }, /at:/],
    [{ extra: 1 }, /extra/],
  ] as const) {
    const decoded = decodeRecord(seal({ ...record, ...change }));
    assert.not.ok(decoded.ok);
    if (!decoded.ok) assert.match(decoded.reason, place);
  }
});

test('a seal holds for indented text as well, and for nothing but its own indentation', () => {
  const text = seal({ a: [1, { b: 2 }], c: 'x' }, 2);
  assert.equal(unseal(Buffer.from(text), 2), { ok: true, value: { a: [1, { b: 2 }], c: 'x' } });
  assert.is(JSON.parse(text).a.length, 2);
  assert.not.ok(unseal(Buffer.from(text), 0).ok);
  assert.not.ok(unseal(Buffer.from(JSON.stringify(JSON.parse(text)))).ok);
  for (const short of ['', '}', '{}', ',"crc":"00000000"}']) assert.not.ok(unseal(Buffer.from(short)).ok);
});

test.run();
