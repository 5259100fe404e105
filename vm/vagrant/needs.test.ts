// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { demandNeeds, vagrantNeeds } from './needs.ts';
import { demandRoot } from './sandbox.ts';

const test = suite('what Vagrant needs of a host');

function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    return (error as Error).message;
  }
  return assert.unreachable() as unknown as string;
}

const without = (...names: string[]) =>
  refusal(() => demandNeeds(vagrantNeeds, (needs) => !names.some((name) => needs.includes(name))));

test('every need is listed once, with a package', () => {
  assert.is(new Set(vagrantNeeds.map((need) => need.needs)).size, vagrantNeeds.length);
  for (const need of vagrantNeeds) assert.match(need.from, /^[a-z0-9][a-z0-9.+-]+$/);
});

test('a host without Vagrant is told the one command, and nothing is installed', () => {
  assert.match(
    without('vagrant'),
    /lacks vagrant, .*installs none of it by itself\. As root, type: apt-get install --no-install-recommends vagrant vagrant-libvirt$/,
  );
});

test('one without libvirt likewise', () => {
  assert.match(
    without('libvirtd', 'virsh', 'dnsmasq'),
    /lacks libvirtd, virsh, dnsmasq, .*apt-get install --no-install-recommends libvirt-daemon libvirt-clients dnsmasq-base$/,
  );
});

test('one that has all of it passes', () => {
  demandNeeds(vagrantNeeds, () => true);
});

test('who is not root is told of the machine that needs no privilege', () => {
  assert.match(
    refusal(() => demandRoot(1000)),
    /need root, .*--machine qemu/,
  );
  demandRoot(0);
});

test.run();
