// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { readResult } from './experiments.ts';
import { exitCodeOfFindings, type Finding, type FindingKind } from './findings.ts';

const test = suite('experiments, and what findings come to');

test('what passed is kept, what did not is a finding with its reason', () => {
  const said = 'ok open-queue: 7 faults, 4 refused\nnot ok read-request: the request is gone\n';
  const { passed, findings } = readResult('failing-allocations', 1, said, '');
  assert.equal(passed, ['open-queue: 7 faults, 4 refused']);
  assert.equal(
    findings.map(({ kind, what }) => [kind, what]),
    [['behaviour', 'not ok read-request: the request is gone']],
  );
});

test('a program that ended badly without a word is a finding, too', () => {
  assert.is(readResult('x', 139, 'ok one\n', 'Segmentation fault\n').findings[0]?.kind, 'behaviour');
});

test('one that said nothing has shown nothing', () => {
  assert.is(readResult('x', 0, '', '').findings[0]?.kind, 'unseen');
});

const of = (...kinds: FindingKind[]): Finding[] => kinds.map((kind) => ({ kind, where: '', what: '', lines: [] }));

test('a fault weighs more than what broke, and that more than what was not seen', () => {
  assert.is(exitCodeOfFindings([]), 0);
  for (const kind of ['kernel-report', 'leak', 'expectation', 'behaviour'] as const)
    assert.is(exitCodeOfFindings(of('unseen', 'broken', kind)), 1, kind);
  assert.is(exitCodeOfFindings(of('unseen', 'broken')), 3);
  assert.is(exitCodeOfFindings(of('silent-sanitizer')), 3);
  assert.is(exitCodeOfFindings(of('unseen')), 4);
});

test.run();
