// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { escaped, markup, nothing } from './markup.ts';
import { demandWellFormed, words } from './testing/document.ts';

const test = suite('pieces of a document');

test('what is put in is text, wherever it stands', () => {
  const hostile = `"><script>alert('x')</script>&amp;\u202e\u0000`;
  const piece = markup`<p title="${hostile}">${hostile}</p>`.toString();
  assert.not.match(piece, /<script/);
  for (const hidden of ['\u202e', '\u0000']) assert.not.ok(piece.includes(hidden));
  demandWellFormed(piece);
});

test('whatever comes in, one element with one attribute comes out, and its words are those that went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const piece = markup`<p title="${text}">${text}</p>`.toString();
      demandWellFormed(piece);
      assert.equal([...piece.matchAll(/[<>]/g)].length, 4);
    }),
  );
  assert.is(words(markup`<p>${'a < b & "c"'}</p>`.toString()), 'a < b & "c"');
});

test('pieces stay pieces, lists are their items, nothing is nothing', () => {
  assert.is(
    markup`<ul>${['a', 'b'].map((each) => markup`<li>${each}</li>`)}</ul>`.toString(),
    '<ul><li>a</li><li>b</li></ul>',
  );
  assert.is(markup`${null}${nothing}${[]}`.toString(), '');
  assert.is(escaped('µs – 漢字'), 'µs – 漢字');
});

test('a number is a place on the page, to a tenth; what is none is an error, not a hole in the picture', () => {
  assert.is(markup`${1.25} ${-0.04} ${12}`.toString(), '1.3 0 12');
  assert.throws(() => markup`${Number.NaN}`, /no number/);
  assert.throws(() => markup`${Number.POSITIVE_INFINITY}`, /no number/);
});

test.run();
