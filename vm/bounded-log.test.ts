// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { BoundedLog } from './bounded-log.ts';

const test = suite('bounded logs');
const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-log-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));
const file = path.join(dir, 'log');

function logged(chunks: readonly string[], head: number, tail: number): string {
  const log = new BoundedLog(file, 'w', { head, tail });
  for (const chunk of chunks) log.write(Buffer.from(chunk));
  log.end();
  return readFileSync(file, 'latin1');
}

test('however it comes in pieces: its beginning, its end, and the number of bytes between them', () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 12 }));
  const bound = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(pieces, bound, bound, (chunks, head, tail) => {
      const all = chunks.join('');
      const cut = all.length - head - tail;
      const note = `\n[keystorm left out ${cut} bytes here]\n`;
      const expected = cut <= 0 ? all : all.slice(0, head) + note + all.slice(all.length - tail);
      assert.is(logged(chunks, head, tail), expected);
    }),
  );
});

test('the first part is in the file at once, and one that is opened again goes on', () => {
  const log = new BoundedLog(file, 'w');
  log.write(Buffer.from('one\n'));
  assert.is(readFileSync(file, 'utf8'), 'one\n');
  log.end();
  log.end();
  log.write(Buffer.from('after its end'));
  const again = new BoundedLog(file, 'a');
  again.write(Buffer.from('two\n'));
  again.end();
  assert.is(readFileSync(file, 'utf8'), 'one\ntwo\n');
});

test('a disk that takes nothing ends no guest', () => {
  const log = new BoundedLog('/dev/full', 'w');
  log.write(Buffer.from('x'));
  log.end();
});

test.run();
