// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { parseSshAddress } from './address.ts';

const test = suite('addresses of machines reached by ssh');

test('what is written is what is meant', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
  const host = fc.oneof(
    word,
    fc.tuple(word, word).map((parts) => parts.join('.')),
    fc.ipV4(),
  );
  fc.assert(
    fc.property(
      fc.option(word, { nil: undefined }),
      host,
      fc.option(fc.integer({ min: 1, max: 65_535 })),
      (user, name, port) => {
        const text = `${user === undefined ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}`;
        assert.equal(parseSshAddress(text), { user, host: name, port: port ?? 22 });
      },
    ),
  );
  assert.equal(parseSshAddress('root@[fe80::1]:2222'), { user: 'root', host: 'fe80::1', port: 2222 });
});

test('what is no address is told', () => {
  for (const text of [
    '',
    ' ',
    '@host',
    'host:',
    'host:0',
    'host:65536',
    'a b',
    '-oProxyCommand=x',
    'root@-x',
    'h;id',
    '$(id)',
    'a@b@c',
  ])
    assert.throws(
      () => parseSshAddress(text),
      (error: unknown) => error instanceof KeystormError,
      text,
    );
});

test.run();
