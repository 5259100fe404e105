// SPDX-License-Identifier: MIT
/** Whether windows measured what they say: nothing crossed the border of the guest, and stages add up. */
import * as assert from 'uvu/assert';
import { aCell } from '../../../results/testing/plans.ts';
import type { Doctoring } from '../../../results/testing/runs.ts';
import { suite } from '../../testing/suite.ts';
import { faulty, found, testCases } from './testing/cases.ts';
import { both, changing, cutShort, dropping, noWindows, panicked } from './testing/doctorings.ts';

const test = suite('oracles of windows');

const window = { ms: 4000, maxRequests: 40, samples: false };
const staged = aCell({ windows: [window, { ...window, stages: true }] });

testCases(test, 'windows', {
  'no-traffic-in-window': {
    cell: faulty,
    fires: [
      [
        changing('meter', ({ index }) => (index === 1 ? { rx_packets: 1, rx_bytes: 60 } : {})),
        /window 1: 1 packet came in and 0 went out \(60 bytes\)/,
      ],
      [changing('meter', () => ({ tx_packets: 2 })), /window 0: 0 packets came in and 2 went out/],
      [changing('meter', () => ({ console_bytes: 1 })), /window 0: 1 byte of console/],
    ],
    unknown: [
      [dropping('meter'), /0 of 2 windows metered \(missing-frame\)/],
      [changing('meter', ({ index }) => (index === 0 ? null : {})), /1 of 2 windows metered/],
      panicked,
    ],
  },
  'stages-add-up': {
    cell: staged,
    fires: [
      [changing('stages', () => ({ unjoined: 1 })), /window 1 of subject: 1 answered request could not be taken apart/],
      [changing('stages', () => ({ requests: 41 })), /41 of 40 answered requests taken apart/],
      [
        changing('stages', ({ parts }) => ({ parts: parts.slice(1) })),
        /parts add up to \d+ ns, the latencies to \d+ ns/,
      ],
    ],
    unknown: [
      [dropping('stages'), /window 1: its stages were not reported/],
      // What is missing then is no request that did not add up.
      [
        changing('stages', () => ({ lost: 2, unjoined: 2, requests: 38 })),
        /window 1 of subject: 2 records of the module were lost/,
      ],
      cutShort,
      noWindows,
      panicked,
    ],
  },
});

test('more requests are asked for where none ended, not where none was answered', () => {
  const form = { layout: 'log-linear', version: 1, sub_bits: 7, unit: 'ns' } as const;
  const none = { ...form, count: 0, sum: 0, min: null, max: null, buckets: [] };
  const silent = both(
    changing('stages', ({ parts }) => ({ requests: 0, parts: parts.map((part) => ({ ...part, hist: none })) })),
    changing('window', () => ({ ok: 0, hist: none, errors: { ENOKEY: 40 } })),
  );
  const refusals = found('stages-add-up', staged, silent);
  assert.match(refusals.evidence, /no request was answered/);
  assert.is(refusals.lacks, undefined);
  const nothing = both(
    silent,
    changing('window', () => ({ started: 0, ended: 0, errors: {} })),
  );
  assert.is(found('stages-add-up', staged, nothing).lacks, 'requests');
});

test('stages are judged only where windows have them', () => {
  assert.is(found('stages-add-up', aCell()).property, 'not-applicable');
});

test('a runner of the first protocol had no meter, which is not a frame that is missing', () => {
  const old: Doctoring = {
    frame: (frame) => (frame.t === 'meter' ? null : frame.t === 'hello' ? { ...frame, protocol: 1 } : frame),
  };
  assert.match(found('no-traffic-in-window', aCell(), old).evidence, /0 of 1 window metered \(not-metered\)/);
});

test('no-traffic-in-window names what the kernel itself said, and does not hold it against the run', () => {
  const talkative: Doctoring = {
    frame: (frame) => (frame.t === 'meter' ? { ...frame, kernel_log_bytes: 26 } : frame),
  };
  const { property, evidence } = found('no-traffic-in-window', faulty, talkative);
  assert.is(property, 'held', evidence);
  assert.match(evidence, /52 bytes of the kernel's own log/);
});

test.run();
