// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { maxLineLength } from './bounds.ts';
import { Lines } from './lines.ts';

const test = suite('cutting bytes into lines');

function linesOf(chunks: readonly Buffer[]): string[] {
  const seen: string[] = [];
  const lines = new Lines((line) => seen.push(line));
  for (const chunk of chunks) lines.feed(chunk);
  lines.end();
  return seen;
}

test('lines come out the same, wherever the chunks end', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(64), (texts, size) => {
      const lines = texts.map((text) => text.replace(/[\r\n]/g, ''));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size + 1) chunks.push(bytes.subarray(at, at + size + 1));
      assert.equal(linesOf(chunks), lines);
    }),
  );
});

test('a last line without an end is handed over in the end', () => {
  assert.equal(linesOf([Buffer.from('a\nb')]), ['a', 'b']);
});

test('a carriage return before the end of a line is no part of it', () => {
  assert.equal(linesOf([Buffer.from('a\r\nb\r'), Buffer.from('\n')]), ['a', 'b']);
});

test('a line that never ends does not fill the memory', () => {
  const seen: string[] = [];
  const lines = new Lines((line) => seen.push(line));
  const chunk = Buffer.alloc(1 << 20, 'x');
  for (let mib = 0; mib <= maxLineLength / chunk.length; mib++) lines.feed(chunk);
  assert.is(seen.length, 1);
});

test.run();
