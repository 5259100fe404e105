// SPDX-License-Identifier: MIT
/** Who asks, read from /proc/keys: found wherever it stands, and never believed when it is said twice. */
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from '../../common/testing/program.ts';

const test = suite('the requester in /proc/keys', { timeoutMs: programBoundMs });

let program: Program;
test.before(() => {
  program = new Program(['answer/testing/requester.c', 'answer/requester.c']);
});
test.after(() => program?.remove());

const authority = 0x1b2c3d4e;
const key = 0x2a;

/** As the kernel writes them. */
function authorityLine(serial: number, target: number, pid: number | string): string {
  const hex = serial.toString(16).padStart(8, '0');
  return `${hex} I--Q---     2 perm 0b0b0000     0     0 .request_ key:${target.toString(16)} pid:${pid} ci:2\n`;
}
function userLine(serial: number, description: string): string {
  return `${serial.toString(16).padStart(8, '0')} I--Q---     1 perm 3f010000  1000  1000 user      ${description}: 4\n`;
}
const others = [
  userLine(1, 'ks:other'),
  authorityLine(authority + 1, key, 5),
  authorityLine(authority, key + 1, 6),
  `${authority.toString(16)} I------     1 perm 1f030000     0     0 keyring   _req.${key}: 1/4\n`,
].join('');
const genuine = authorityLine(authority, key, 4711);

function look(text: string, chunk = 4096): string {
  return program.lines([authority.toString(16), key.toString(16), chunk], text)[0] ?? '';
}

test('its pid is found among others, wherever the reads are cut', () => {
  for (const chunk of [1, 7, 63, 64, 127, 128, 300])
    assert.is(look(others + genuine + others, chunk), 'found 1 pid 4711', `${chunk}`);
});

test('a forged line is counted, so that neither is believed', () => {
  const forged = userLine(7, `x\n${authorityLine(authority, key, 1)}y`);
  assert.match(look(others + forged + genuine), /^found 2 /);
  assert.match(look(genuine + forged), /^found 2 /);
});

test('lines that only look like it are not it', () => {
  for (const line of [
    genuine.replace('.request_', 'user     '),
    genuine.replace(' pid:', ' pie:'),
    authorityLine(authority, key, 0),
    authorityLine(authority, key, '4711x'),
    authorityLine(authority, key, 2 ** 31),
    authorityLine(authority, key, '99999999999999999999'),
    userLine(authority, `.request_ key:${key.toString(16)} pid:1 ci:2`),
    userLine(7, `${'long '.repeat(900)}${genuine.trim()}`),
    genuine.slice(0, -1),
    '',
    '\n\n',
  ])
    assert.is(look(line), 'found 0 pid 0', line.slice(0, 100));
});

test('any text is looked at without harm', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(genuine, others, ' ', '\n', '1b2c3d4e ', 'key:2a pid:', '\0')), (parts) => {
      assert.match(look(parts.join(''), 64), /^found \d+ pid \d+$/);
    }),
    { numRuns: 15 },
  );
});

test.run();
