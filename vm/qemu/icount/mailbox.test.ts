// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../bench/testing/suite.ts';
import { mailboxBytes, makeMailbox, putIntoMailbox } from './mailbox.ts';

const test = suite('the memory that a guest and the harness share');
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-mailbox-'));
const file = path.join(dir, 'mailbox');
test.after(() => rmSync(dir, { recursive: true, force: true }));

test('it begins empty: no text has the number 0', () => {
  makeMailbox(file);
  assert.equal(readFileSync(file), Buffer.alloc(mailboxBytes));
});

test('it is of a size that a device can have', () => {
  assert.is(Math.log2(mailboxBytes) % 1, 0);
});

test('a text lies behind its number and its size, whatever was there before', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { minLength: 1, maxLength: 4 }), (texts) => {
      makeMailbox(file);
      texts.forEach((bytes, index) => {
        putIntoMailbox(file, index + 1, Buffer.from(bytes));
        const held = readFileSync(file);
        assert.is(held.readUInt32LE(0), index + 1);
        assert.is(held.readUInt32LE(4), bytes.length);
        assert.equal(held.subarray(8, 8 + bytes.length), Buffer.from(bytes));
      });
      assert.is(statSync(file).size, mailboxBytes);
    }),
    { numRuns: 20 },
  );
});

test('the longest text fits, and one that is longer is refused whole', () => {
  makeMailbox(file);
  putIntoMailbox(file, 1, Buffer.alloc(mailboxBytes - 8, 1));
  const before = readFileSync(file);
  assert.throws(
    () => putIntoMailbox(file, 2, Buffer.alloc(mailboxBytes - 7)),
    /can be told 2097144 bytes, not 2097145/,
  );
  assert.equal(readFileSync(file), before);
});

test.run();
