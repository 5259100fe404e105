// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { parseFacts } from './facts.ts';
import { demandConsent, demandUsable, preflightLines } from './preflight.ts';
import { type FactName, factsText } from './testing/facts.ts';

const test = suite("what is said of somebody's machine before anything is done");

const sentence = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 2);
    return (error as Error).message;
  }
};

test('it lists what would be changed, and what cannot be put back', () => {
  const text = preflightLines('lab1', parseFacts(factsText())).join('\n');
  assert.match(text, /kernel 6\.1\.0-99-amd64 \(6\.1\.999-1\), 8 processors, 15\.6 GiB/);
  for (const change of ['/keystorm', 'request-key.d', 'kernel/keys', 'module keystorm', 'cgroup', 'keystorm.unlock'])
    assert.match(text, change);
  assert.match(text, /cannot put back:\n[\s\S]*tainted/);
  assert.not.match(text, 'earlier run');
  assert.match(preflightLines('lab1', parseFacts(factsText({ folder: 'ours' }))).join('\n'), /earlier run has left/);
});

const lacks: readonly [Partial<Record<FactName, string>>, RegExp][] = [
  [{ uid: '1000' }, /root's rights are needed, and cannot be had: log in as root .* or allow this user sudo/],
  [{ architecture: 'aarch64' }, /aarch64: the modules know x86_64 alone/],
  [{ crun: 'no', request_key: 'no' }, /apt-get install crun keyutils/],
  [{ flock: 'no' }, /apt-get install util-linux/],
  [{ groups: 'no' }, /no cgroup2 hierarchy/],
  [{ modules_disabled: '1' }, /loads no more modules/],
  [{ signatures: 'Y' }, /signed modules alone/],
  [{ lockdown: 'none [integrity] confidentiality' }, /signed modules alone/],
  [{ user_namespaces: '0' }, /no user namespaces/],
  [{ kernel_events: '0' }, /ftrace_enabled/],
  [{ folder: 'foreign' }, /a folder \/keystorm that keystorm has not made/],
];

test('what is in the way is named, with the remedy', () => {
  assert.is(
    sentence(() => demandUsable('lab1', parseFacts(factsText()))),
    undefined,
  );
  assert.is(
    sentence(() => demandUsable('lab1', parseFacts(factsText({ uid: '1000', sudo: 'yes' })))),
    undefined,
  );
  for (const [change, said] of lacks)
    assert.match(sentence(() => demandUsable('lab1', parseFacts(factsText(change)))) ?? 'nothing', said);
});

test("the machine's name is to be typed once more", () => {
  assert.is(
    sentence(() => demandConsent('lab1', 'lab1')),
    undefined,
  );
  assert.match(sentence(() => demandConsent('lab1', undefined)) ?? '', /was not changed: .* say --yes lab1\.$/);
  for (const other of ['lab2', '', 'LAB1', 'lab1 ', 'yes'])
    assert.match(
      sentence(() => demandConsent('lab1', other)) ?? '',
      /but the machine is lab1: nothing was done/,
      other,
    );
});

test.run();
