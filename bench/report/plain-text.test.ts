// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { plainText } from './plain-text.ts';

const test = suite('text from a guest');

test('escape sequences, control characters, line breaks and invisible formatting are gone', () => {
  const cases: Readonly<Record<string, string>> = {
    '\u001b[31mred\u001b[0m': 'red',
    'title\u001b]0;owned\u0007': 'title',
    'a\r\nb\tc': 'a b c',
    'bell\u0007back\u0008del\u007fc1\u009b': 'bellbackdelc1',
    'right\u202eto left': 'rightto left',
    'zero\u200bwidth\ufeff': 'zerowidth',
    'µs – naïve 漢字 ok': 'µs – naïve 漢字 ok',
  };
  for (const [dirty, clean] of Object.entries(cases)) assert.is(plainText(dirty), clean);
});

test('whatever comes in, nothing that can steer a terminal comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.not.match(plainText(text), /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  );
});

test.run();
