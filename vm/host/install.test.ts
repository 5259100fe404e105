// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { decide, ensureRunning, type HostFacts, installCommand } from './install.ts';
import { hostNeeds, isPresent, missingNeeds, packagesFor } from './packages.ts';

const test = suite('host packages');

const debian12: HostFacts = {
  isRoot: true,
  noInstall: false,
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
};
const lacking = (...names: string[]) => missingNeeds((needs) => !names.includes(needs));

function refusal(facts: Partial<HostFacts>, names: readonly string[] = ['qemu-system-x86_64', 'make']): string {
  try {
    decide(lacking(...names), { ...debian12, ...facts });
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    return (error as Error).message;
  }
  return assert.unreachable() as unknown as string;
}

test('every need is listed once, with a package', () => {
  assert.is(new Set(hostNeeds.map((need) => need.needs)).size, hostNeeds.length);
  for (const need of hostNeeds) assert.match(need.from, /^[a-z0-9][a-z0-9.+-]+$/);
});

test('two needs of one package ask for it once', () => {
  assert.equal(packagesFor(lacking('apt-get', 'apt-cache', 'make')), ['apt', 'make']);
});

test('nothing is installed when nothing is missing, whoever asks', () => {
  assert.equal(decide([], { isRoot: false, noInstall: true, osRelease: '' }), []);
});

test('root on Debian 12 gets the packages of what is missing, and no others', () => {
  assert.equal(decide(lacking('qemu-system-x86_64', 'make'), debian12), ['make', 'qemu-system-x86']);
});

test('an ordinary user is told the one command', () => {
  assert.match(refusal({ isRoot: false }), `As root, type: ${installCommand(['make', 'qemu-system-x86'])}`);
});

test('--no-install is honoured even for root', () => {
  const said = refusal({ noInstall: true });
  assert.match(said, 'installing was forbidden');
  assert.match(said, `Type: ${installCommand(['make', 'qemu-system-x86'])}`);
});

test('the command neither upgrades nor removes, nor brings recommendations', () => {
  assert.is(
    installCommand(['make']),
    'apt-get update && apt-get install --no-upgrade --no-remove --no-install-recommends make',
  );
});

test('another system, and one without apt, are named', () => {
  assert.match(
    refusal({ osRelease: 'PRETTY_NAME="Alpine Linux v3.19"\nID=alpine\n' }),
    'Alpine Linux v3.19, not Debian 12',
  );
  assert.match(refusal({ osRelease: '' }), 'an unknown system, not Debian 12');
  assert.match(refusal({}, ['apt-get']), 'no apt-get');
});

test('a program is looked for in PATH and in the system folders, a file by its path', () => {
  assert.ok(isPresent('sh', ''));
  assert.ok(isPresent('/bin/sh', ''));
  assert.not.ok(isPresent('no-such-program-anywhere', '/usr/bin'));
  assert.not.ok(isPresent('/bin/no-such-file'));
});

test('who lacks only what things are made with is asked for it when something is to be made, once', async () => {
  let asked = 0;
  const ensure = async () => void asked++;
  const { beforeMaking } = await ensureRunning(true, () => {}, { missing: () => lacking('gcc', 'make'), ensure });
  assert.is(asked, 0);
  await beforeMaking();
  await beforeMaking();
  assert.is(asked, 1);
});

test('who lacks what guests run on is asked for it at once', async () => {
  const ensure = async () => {
    throw new KeystormError('This host lacks it.');
  };
  const missing = () => lacking('qemu-system-x86_64');
  const refused = await ensureRunning(true, () => {}, { missing, ensure }).catch((error: Error) => error.message);
  assert.is(refused, 'This host lacks it.');
});

test.run();
