// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { patternOf } from './patterns.ts';
import { faultIn } from './title.ts';

const test = suite('names of faults');

const titleOf = (...lines: string[]) => faultIn(lines, patternOf(lines[0] ?? '')).title;

test('the fingerprint is the beginning of the sha256 of the title', () => {
  const { title, fingerprint } = faultIn(
    ['Kernel panic - not syncing: sysrq triggered crash'],
    patternOf('Kernel panic - not syncing: sysrq triggered crash'),
  );
  assert.is(title, 'kernel panic: sysrq triggered crash');
  assert.is(fingerprint, createHash('sha256').update(title).digest('hex').slice(0, 12));
});

test('without a place the title goes without, and is told from that of another kind', () => {
  assert.is(
    titleOf('BUG: kernel NULL pointer dereference, address: 0000000000000008'),
    'BUG: kernel NULL pointer dereference',
  );
  assert.is(titleOf('watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [ks-hammer:312]'), 'soft lockup');
});

test('a name that is only on the stack is not where it happened', () => {
  const trace = ['Call Trace:', ' <TASK>', ' ? ks_not_it+0x1/0x2', ' dump_stack+0x1/0x2', ' ks_it.constprop.0+0x1/0x2'];
  assert.is(titleOf('WARNING: suspicious RCU usage', ...trace), 'suspicious RCU usage in ks_it');
});

test('where nothing but machinery is named, the first of it has to do', () => {
  assert.is(titleOf('BUG: KASAN: double-free in kfree+0x1/0x2'), 'KASAN: double-free in kfree');
});

test('words that no row knows lose what differs from time to time', () => {
  assert.is(
    faultIn(['ks-agent/77 lost 0xffffffff81070a34 and 12 others at /build/x.c:3, flags=0x3 [keystorm]'], undefined)
      .title,
    'lost and others at',
  );
});

test('a title has an end', () => {
  assert.ok(titleOf(`WARNING: at ${'x'.repeat(4000)}+0x1/0x2, CPU#0: a/1`).length <= 200);
  assert.ok(titleOf(`BUG: ${'x'.repeat(4000)}`).length <= 200);
});

test.run();
