// SPDX-License-Identifier: MIT
/** How requests ended: at all, in time, by whom they were to be answered, and with which errors. */
import * as assert from 'uvu/assert';
import { enokey } from '../../../results/testing/frames.ts';
import { aCell } from '../../../results/testing/plans.ts';
import type { Doctoring } from '../../../results/testing/runs.ts';
import { suite } from '../../testing/suite.ts';
import { faulty, found, testCases } from './testing/cases.ts';
import { changing, cutShort, dropping, inWindow, noWindows, panicked } from './testing/doctorings.ts';

const test = suite('oracles of requests');

const refused = aCell({ expectedErrors: ['ENOKEY'], expect: { 'never-served': 'held' } });
const refusing: Doctoring = {
  frame: (frame) =>
    frame.t === 'window' ? { ...frame, ok: 0, errors: { ENOKEY: frame.started }, hist: frame.hist } : frame,
};
const both = (a: Doctoring, b: Doctoring): Doctoring => ({
  frame: (frame, boot) => {
    const once = a.frame === undefined ? frame : a.frame(frame, boot);
    return once === null || b.frame === undefined ? once : b.frame(once, boot);
  },
});

testCases(test, 'requests', {
  'every-request-ended': {
    cell: faulty,
    fires: [
      [inWindow({ open: 1 }, 'victim', 1), /window 1 of victim: 1 of 1000 requests never ended/],
      [inWindow({ twice: 2 }), /2 of 1000 requests ended more than once/],
      [inWindow({ started: 1001 }), /1001 requests started, 1000 ended/],
      [inWindow({ ok: 3, errors: {} }), /1000 requests ended, 3 of them ok or failed/],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'within-deadline': {
    cell: faulty,
    fires: [
      [inWindow({ late: 4 }), /4 of 1000 requests took more than 5000 ms/],
      [inWindow({ open: 1 }), /never ended/],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'right-answerer': {
    cell: faulty,
    fires: [[inWindow({ wrong: 1 }), /1 of \d+ answers came from the wrong answerer/]],
    unknown: [noWindows, panicked, cutShort, [inWindow({ ok: 0 }), /no answer to judge/]],
  },
  'answered-in-own-namespaces': {
    cell: faulty,
    fires: [[inWindow({ foreign_ns: 1 }), /1 of \d+ answers came from another user namespace/]],
    unknown: [noWindows, panicked, cutShort, [inWindow({ ok: 0 }), /no answer to judge/]],
  },
  'expected-errors': {
    cell: faulty,
    fires: [
      [inWindow({ errors: { EDQUOT: 1 } }, 'victim', 1), /1 request failed with EDQUOT; expected are ENOKEY/],
      [inWindow({ errors: { ENOKEY: 1 } }, 'bystander', 1), /though it is a bystander/],
      [inWindow({ errors: { ENOKEY: 1 } }, 'victim', 0), /though there was no fault in this window/],
      [
        changing('samples', (f) =>
          f.container === 'victim' && f.index === 1
            ? { rows: f.rows.map((r, i) => (i === 5 ? [r[0], r[1], enokey, 0, 0] : r)) }
            : {},
        ),
        /1 request failed before the fault was injected/,
      ],
    ],
    unknown: [noWindows, panicked, cutShort],
  },
  'never-served': {
    cell: refused,
    clean: refusing,
    fires: [[both(refusing, inWindow({ ok: 1 })), /1 of 40 requests were answered/]],
    unknown: [
      [both(refusing, dropping('window')), /not reported/],
      [both(refusing, inWindow({ started: 0, ended: 0, errors: {} })), /no request ended/],
    ],
  },
});

test('more requests are asked for where none ended, not where none was answered', () => {
  for (const oracle of ['right-answerer', 'answered-in-own-namespaces'] as const) {
    assert.is(found(oracle, faulty, inWindow({ ok: 0, started: 0, ended: 0 })).lacks, 'requests');
    const refusals = found(oracle, faulty, inWindow({ ok: 0, errors: { ENOKEY: 1000 } }));
    assert.is(refusals.property, 'unknown');
    assert.is(refusals.lacks, undefined);
  }
});

test('a violation that was seen stays one though the boot broke afterwards', () => {
  const finding = found('every-request-ended', faulty, {
    ...inWindow({ open: 1 }, 'victim', 0),
    panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' && frame.index === 1,
  });
  assert.is(finding.property, 'violated');
});

test('in a cell that is never to be served every request may fail, but only as expected', () => {
  assert.is(found('expected-errors', refused, refusing).property, 'held');
  const other = both(refusing, inWindow({ errors: { EACCES: 40 } }));
  assert.match(found('expected-errors', refused, other).evidence, /40 requests failed with EACCES/);
});

test.run();
