// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { arranged, padding } from './arrangement.ts';

const test = suite('arrangements of a guest');

const kbuild = 'obj-m := one.o\n\none-y := a.o b.o c.o\none-y += d.o e.o\n\nccflags-y := -Wall\nUBSAN_SANITIZE := y\n';

test('a module is linked of the same objects in another order, which the number decides', () => {
  const orders = [1, 2, 3, 4, 5].map((number) => /^one-y := (.*)$/m.exec(arranged(kbuild, number))?.[1] ?? '');
  assert.ok(new Set(orders).size > 1, orders.join('; '));
  for (const order of orders) assert.equal(order.split(' ').sort(), ['a.o', 'b.o', 'c.o', 'd.o', 'e.o']);
  assert.is(arranged(kbuild, 1), arranged(kbuild, 1));
});

test('flags are no objects, and a module of one object is as it was', () => {
  assert.not.match(arranged(kbuild, 1), 'ccflags');
  assert.is(arranged('obj-m := two.o\n', 1), '');
});

test('paddings are of whole pages, and of other sizes', () => {
  const sizes = [0, 1, 2, 3, 999].map((number) => padding('x', number).data.length);
  assert.is(new Set(sizes).size, sizes.length);
  assert.ok(sizes.every((size) => size > 0 && size % 4_096 === 0 && size <= 4 * 2 ** 20));
});

test.run();
