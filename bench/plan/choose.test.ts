// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { choose, closest, editDistance } from './choose.ts';

const test = suite('choosing by name');
const known = ['stock', 'stock-minimal', 'keyagent-fd'];

test('nothing asked for means the default', () => {
  assert.equal(choose('mechanism', known, []), known);
  assert.equal(choose('mechanism', known, [], ['stock']), ['stock']);
});

test('names come repeated, with commas and with blanks, and each once, in the known order', () => {
  assert.equal(choose('mechanism', known, ['keyagent-fd, stock', 'stock']), ['stock', 'keyagent-fd']);
});

test('"all" means all', () => {
  assert.equal(choose('mechanism', known, ['all'], ['stock']), known);
});

test('"all" may mean less than there is, and what is named beside it comes along', () => {
  const all = ['stock', 'stock-minimal'];
  assert.equal(choose('mechanism', known, ['all'], known, { all }), all);
  assert.equal(choose('mechanism', known, ['keyagent-fd', 'all'], known, { all }), known);
});

test('other words may stand for several names as well', () => {
  const groups = { all: known, today: ['stock', 'stock-minimal'] };
  assert.equal(choose('mechanism', known, ['today'], known, groups), groups.today);
  assert.throws(() => choose('mechanism', known, ['today']), /There is no mechanism 'today'/);
});

test('an empty name is a usage error, not all there is', () => {
  for (const empty of ['', ' ', ',']) {
    assert.throws(
      () => choose('mechanism', known, [empty]),
      (error: unknown) => error instanceof KeystormError && error.exitCode === 2,
    );
  }
});

test('a name that every object has by birth is no name here', () => {
  for (const inherited of ['toString', 'constructor', '__proto__'])
    assert.throws(() => choose('mechanism', known, [inherited]), new RegExp(`There is no mechanism '${inherited}'`));
});

test('"all" hides no unknown name beside it', () => {
  assert.throws(() => choose('mechanism', known, ['all,keyagnet-fd']), /There is no mechanism 'keyagnet-fd'/);
});

test('an unknown name is a usage error that names the known ones and the closest', () => {
  try {
    choose('mechanism', known, ['keyagnet-fd']);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    assert.match((error as Error).message, "There is no mechanism 'keyagnet-fd'. Did you mean 'keyagent-fd'?");
    assert.match((error as Error).message, 'stock, stock-minimal, keyagent-fd');
  }
});

test('nothing is suggested for a name that resembles none', () => {
  assert.is(closest('qqqqqqqq', known), undefined);
  assert.is(closest('5.10', ['6.1', '6.12', '7.2']), undefined);
  assert.is(closest('hvf', ['auto', 'tcg', 'kvm']), undefined);
  assert.is(closest('x', ['stock']), undefined);
});

test('a slip or two are near, more so in a long name', () => {
  assert.is(closest('kvn', ['auto', 'tcg', 'kvm']), 'kvm');
  assert.is(closest('latancy', ['latency']), 'latency');
  assert.is(closest('keyagnet-df', [...known, 'userns-fd']), undefined);
  assert.is(closest('keyagnet-fd', known), 'keyagent-fd');
});

test('the edit distance is a metric', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      assert.is(editDistance(a, a), 0);
      assert.is(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
      assert.ok(editDistance(a, b) >= Math.abs(a.length - b.length));
    }),
  );
  assert.is(editDistance('kitten', 'sitting'), 3);
});

test.run();
