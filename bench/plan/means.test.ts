// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { type Need, needs } from '../../scenarios/faults/types.ts';
import { kernelEntries } from '../../vm/image/kernels.ts';
import { failingOptions } from '../../vm/image/tree/needed-options.ts';
import { suite } from '../testing/suite.ts';
import { lackOf, type Means } from './means.ts';

const test = suite('what a run lacks for a fault');

const everything: Means = {
  smp: 2,
  allocationsFail: true,
  ownTree: false,
  agents: true,
  idleContainer: true,
  disposable: true,
};

const without: Readonly<Record<Need, Partial<Means>>> = {
  agents: { agents: false },
  'idle-container': { idleContainer: false },
  'smp-2': { smp: 1 },
  failslab: { allocationsFail: false },
  disposable: { disposable: false },
};

test('each need is met by its own means, and by no other', () => {
  for (const need of needs) {
    assert.is(lackOf(need, everything), null, need);
    for (const [other, change] of Object.entries(without))
      assert.is(lackOf(need, { ...everything, ...change }) === null, other !== need, `${need} without ${other}`);
  }
});

test('who lacks a kernel on which allocations fail is named those there are, and with a tree what it must be built with', () => {
  const able = kernelEntries().filter(({ allocationsFail }) => allocationsFail);
  assert.ok(able.length > 0);
  const said = (ownTree: boolean) => lackOf('failslab', { ...everything, allocationsFail: false, ownTree }) ?? '';
  for (const ownTree of [false, true]) {
    const [, names = ''] = /run it with --kernel (.*)$/.exec(said(ownTree)) ?? [];
    assert.equal(
      names.split(' or '),
      able.map(({ name }) => name),
    );
    for (const option of failingOptions) assert.is(said(ownTree).includes(`CONFIG_${option}`), ownTree, option);
  }
});

test.run();
