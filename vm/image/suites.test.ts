// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { debianSources, parseTargets } from './suites.ts';

const test = suite("packages of other suites than the host's");

/** As apt prints them on a host whose lists are there, and on one whose lists are not. */
const known = `http://mirror.example/debian-security/ bookworm-security main Debian
http://mirror.example/debian/ bookworm main Debian
http://mirror.example/debian/ bookworm-updates main Debian
https://third.example/debian bookworm main Third Party
https://third.example/apt stable main
`;
const unknown = known.replace(/ Debian$/gm, ' $(ORIGIN)').replace(/ Third Party/, '');

test('targets are read as apt prints them, and an origin that it does not know is none', () => {
  assert.equal(parseTargets(known)[3], {
    uri: 'https://third.example/debian',
    release: 'bookworm',
    component: 'main',
    origin: 'Third Party',
  });
  assert.is(parseTargets(unknown)[0]?.origin, '');
  assert.equal(parseTargets(''), []);
});

for (const [how, targets] of [
  ['with', known],
  ['without', unknown],
] as const) {
  test(`a stable suite is taken from the host's own mirrors, with updates and security (${how} lists on the host)`, () => {
    assert.is(
      debianSources(parseTargets(targets), 'trixie', '/keys.gpg'),
      `Types: deb
URIs: http://mirror.example/debian/
Suites: trixie trixie-updates
Components: main
Signed-By: /keys.gpg

Types: deb
URIs: http://mirror.example/debian-security/
Suites: trixie-security
Components: main
Signed-By: /keys.gpg
`,
    );
  });
}

test('sid has neither', () => {
  const text = debianSources(parseTargets(known), 'sid', '/keys.gpg');
  assert.match(text, 'Suites: sid\n');
  assert.not.match(text, 'security');
});

test('a host without a mirror of Debian is told so', () => {
  try {
    debianSources(parseTargets('https://third.example/apt stable main Third'), 'sid', '/keys.gpg');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    assert.match((error as Error).message, /name no mirror of Debian.* sid.*KEYSTORM_CACHE/);
  }
});

test.run();
