// SPDX-License-Identifier: MIT
import { createHmac, randomBytes } from 'node:crypto';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { acquaintance, fingerprint, knownName, knownTypes, parseKnownHosts } from './known-hosts.ts';

const test = suite('known hosts');

const key = (text: string) => Buffer.from(`key ${text}`);
const line = (hosts: string, text: string, type = 'ssh-ed25519') => `${hosts} ${type} ${key(text).toString('base64')}`;
const known = (...lines: string[]) => parseKnownHosts(`${lines.join('\n')}\n`, 'file');
const is = (lines: string[], name: string, text: string) => acquaintance(known(...lines), name, key(text)).is;

test('a host is known by its key, and another key is a change', () => {
  const lines = ['# comment', '', line('lab1,10.0.0.1', 'a'), line('lab2', 'b')];
  assert.is(is(lines, 'lab1', 'a'), 'known');
  assert.is(is(lines, '10.0.0.1', 'a'), 'known');
  assert.equal(acquaintance(known(...lines), 'lab1', key('b')), { is: 'changed', place: 'file:3' });
  assert.is(is(lines, 'lab3', 'a'), 'unknown');
});

test('a port that is not the usual one is part of the name', () => {
  assert.is(knownName('Lab1', 22), 'lab1');
  assert.is(knownName('lab1', 2222), '[lab1]:2222');
  assert.is(is([line('[lab1]:2222', 'a')], '[lab1]:2222', 'a'), 'known');
  assert.is(is([line('[lab1]:2222', 'a')], 'lab1', 'a'), 'unknown');
});

test('names are also hashed, patterns, or excepted', () => {
  const salt = randomBytes(20);
  const hashed = `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update('lab1').digest('base64')}`;
  assert.is(is([line(hashed, 'a')], 'lab1', 'a'), 'known');
  assert.is(is([line(hashed, 'a')], 'lab2', 'a'), 'unknown');
  assert.is(is([line('*.example,!bad.example', 'a')], 'lab.example', 'a'), 'known');
  assert.is(is([line('*.example,!bad.example', 'a')], 'bad.example', 'a'), 'unknown');
  assert.is(is([line('lab?', 'a')], 'lab1', 'a'), 'known');
  assert.is(is([line('lab.', 'a')], 'lab1', 'a'), 'unknown');
});

test('a revoked key is refused though it is known; authorities are not looked at', () => {
  assert.is(is([line('lab1', 'a'), `@revoked ${line('*', 'a')}`], 'lab1', 'a'), 'revoked');
  assert.is(is([`@cert-authority ${line('*', 'a')}`], 'lab1', 'a'), 'unknown');
  assert.is(is([`@revoked ${line('lab1', 'b')}`], 'lab1', 'a'), 'unknown');
});

test('what is asked for first are the types of the keys that are known', () => {
  const lines = known(line('lab1', 'a', 'ssh-rsa'), line('lab2', 'b'), line('lab1', 'c', 'ecdsa-sha2-nistp256'));
  assert.equal(knownTypes(lines, 'lab1'), ['ssh-rsa', 'ecdsa-sha2-nistp256']);
});

test('damaged lines are no lines', () => {
  assert.equal(known('lab1', 'lab1 ssh-ed25519', 'lab1 ssh-ed25519 ', '@revoked'), []);
});

test('a fingerprint is shown as ssh-keygen shows it', () => {
  assert.is(fingerprint(Buffer.from('')), 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
});

test.run();
