// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { kindOfError } from './runner-error.ts';

const test = suite('what a runner gives up for');

/** As the runner and crun write it. */
const messages = [
  ['out-of-disk', 'cannot copy ks-pod: No space left on device'],
  ['out-of-disk', "container 'subject': crun create: open `config.json`: No space left on device"],
  ['out-of-memory', 'cannot start ks-check: Cannot allocate memory'],
  ['timeout', "cell 'c0': 1 of its requesters were not there after 60000 ms"],
  ['timeout', "container 'subject' did not start within 60000 ms"],
  ['timeout', "cell 'c0', window 0: a request has not ended 45000 ms after the window"],
  ['timeout', 'nobody has read them for 30000 ms'],
  ['harness-fault', 'cannot load /keystorm/keystorm.ko: Exec format error; the kernel log says more'],
  ['harness-fault', 'crun failed'],
] as const;

for (const [kind, message] of messages) {
  test(`${kind}: ${message}`, () => assert.is(kindOfError(message), kind));
}

test.run();
