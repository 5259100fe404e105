// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { dependsOf, loadOrder } from './modules.ts';

const test = suite('kernel modules');

test('dependencies are read from the module itself, dashes and underscores being one', () => {
  const module = Buffer.from('\x7fELF…\0license=GPL\0depends=net-failover,virtio\0retpoline=Y\0', 'latin1');
  assert.equal(dependsOf(module), ['net_failover', 'virtio']);
  assert.equal(dependsOf(Buffer.from('\0depends=\0')), []);
  assert.equal(dependsOf(Buffer.from('no such thing')), []);
});

test('what a module needs is loaded before it, and once', () => {
  const needs: Record<string, string[]> = { net: ['failover', 'virtio'], failover: ['ring'], virtio: ['ring'] };
  assert.equal(
    loadOrder(['net', 'virtio'], (name) => needs[name] ?? []),
    ['ring', 'failover', 'virtio', 'net'],
  );
});

test.run();
