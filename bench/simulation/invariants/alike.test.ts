// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../testing/suite.ts';
import { alike } from './alike.ts';

const test = suite('values that are alike');

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('what is alike is what JSON writes alike, and its copy always is', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      assert.is(alike(one, other), JSON.stringify(one) === JSON.stringify(other));
      assert.ok(alike(one, JSON.parse(JSON.stringify(one))));
    }),
  );
});

test('another value, one more, another order and an array are not', () => {
  for (const [one, other] of [
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [['x'], { 0: 'x' }],
    [null, {}],
    [{ a: [{ b: 1 }] }, { a: [{ b: null }] }],
  ])
    assert.not.ok(alike(one, other), JSON.stringify([one, other]));
});

test.run();
