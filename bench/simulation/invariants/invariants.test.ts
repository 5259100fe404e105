// SPDX-License-Identifier: MIT
/** Every invariant fires: each outcome here is one of a real campaign, with one thing about it changed. */
import * as assert from 'uvu/assert';
import type { Frame } from '../../../results/frames.ts';
import type { RunRecord } from '../../../results/records.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { suite } from '../../testing/suite.ts';
import { aCampaign } from '../testing/campaigns.ts';
import { enact, type Found, type Outcome } from '../world.ts';
import { bootsInTurn, ends, leavesNothing, refusesWithReason, stopsGuests } from './ending.ts';
import { failuresFit } from './failing.ts';
import { complaintsAbout, invariants } from './index.ts';
import { foundIn, type Invariant } from './invariant.ts';
import { nothingFailsFromCrashes, nothingHeldFromNothing, soundIsPass, wrongAnswersAreSeen } from './judging.ts';
import { bootsAreClosed, cutIsPrefix, heardIsKept, keptIsFound, statusIsTrue } from './keeping.ts';
import { figuresAreWhole, nothingMeasuredFromNothing } from './measuring.ts';
import { takenUpIsWhole } from './taking-up.ts';

const test = suite('invariants of the simulation', { timeoutMs: 20_000 });

const sound = await enact(aCampaign());
const panicked = await enact(aCampaign({ guests: 'panic@0.0' }));
const lossy = await enact(aCampaign({ guests: 'lost-frame@0#9' }));
const wrong = await enact(aCampaign({ guests: 'wrong-answers@0.0' }));
const interrupted = await enact(aCampaign({ interruption: { event: 12 } }));
const full = await enact(aCampaign({ storeFault: { code: 'ENOSPC', of: 'write', nth: 20, lasts: 9 } }));
const cut = await enact(aCampaign({ cut: { how: 'power', operation: 30, share: 0.5 }, resumption: { fault: null } }));
const refused = await enact(aCampaign({ asked: { ...aCampaign().asked, scenarios: ['no-such-thing'] } }));

test('none fires on what truly happens', () => {
  for (const outcome of [sound, panicked, lossy, wrong, interrupted, full, cut, refused])
    assert.equal(complaintsAbout(outcome), []);
});

const withFound = (outcome: Outcome, change: (found: Found) => Partial<Found>): Outcome => {
  const found = foundIn(outcome);
  assert.ok(found);
  return { ...outcome, found: { ...found, ...change(found) } };
};
const withRun = (outcome: Outcome, change: Partial<Found['run']>): Outcome =>
  withFound(outcome, ({ run }) => ({ run: { ...run, ...change } }));
const withoutRecords = (outcome: Outcome, which: (record: RunRecord) => boolean): Outcome => {
  const appended = outcome.appended.filter((record) => !which(record));
  return withRun({ ...outcome, appended }, { records: appended });
};
const isFrame = (type: Frame['t'], boot: number) => (record: RunRecord) =>
  record.kind === 'frame' && record.boot === boot && record.frame.t === type;
const threw = (outcome: Outcome, thrown: unknown): Outcome => ({ ...outcome, end: { how: 'threw', thrown } });
const firstDiary = (outcome: Outcome, change: Partial<Outcome['diaries'][number]>): Outcome => ({
  ...outcome,
  diaries: outcome.diaries.map((diary, i) => (i === 0 ? { ...diary, ...change } : diary)),
});

const withResumed = (change: (found: Found) => Outcome['found']): Outcome => {
  const found = cut.resumed?.found;
  assert.ok(cut.resumed && found && 'run' in found);
  return { ...cut, resumed: { ...cut.resumed, found: change(found) } };
};
const withoutEnds = (found: Found): Found => {
  return { ...found, run: { ...found.run, records: found.run.records.filter(({ kind }) => kind !== 'boot-end') } };
};

const cases: readonly (readonly [Invariant, string, Outcome])[] = [
  [ends, 'the run never ends', { ...sound, end: { how: 'never' } }],
  [ends, 'it took a day', { ...sound, tookMs: 86_400_000 }],
  [leavesNothing, 'a timer is left', { ...sound, pendingTimers: 1 }],
  [leavesNothing, 'a file is left open', { ...sound, openFiles: 1 }],
  [leavesNothing, 'nobody caught an error', { ...sound, uncaught: [new Error('lost')] }],
  [refusesWithReason, 'a bug was thrown', threw(full, new TypeError('x is undefined'))],
  [refusesWithReason, 'a sentence was thrown for no reason', threw(sound, new KeystormError('It is full.', 3))],
  [refusesWithReason, 'two lines were thrown', threw(full, new KeystormError('It is full.\nReally.', 3))],
  [refusesWithReason, 'with the exit code of a usage error', threw(full, new KeystormError('It is full.', 2))],
  [refusesWithReason, 'a refusal with that of a disk', threw(refused, new KeystormError('Choose another.', 3))],
  [refusesWithReason, 'the disk failed in silence', { ...sound, storeFailed: true }],
  [stopsGuests, 'a guest was not told to end', firstDiary(sound, { stops: 0 })],
  [stopsGuests, 'a guest is still there', firstDiary(sound, { gone: false })],
  [stopsGuests, 'there were two guests', { ...sound, overlaps: 1 }],
  [bootsInTurn, 'a boot was left out', { ...sound, end: { how: 'returned', value: ['done'] } }],
  [
    bootsInTurn,
    'another boot after an abort',
    { ...interrupted, end: { how: 'returned', value: ['aborted', 'done'] } },
  ],
  [bootsInTurn, 'nobody interrupted', { ...sound, end: { how: 'returned', value: ['done', 'aborted'] } }],
  [heardIsKept, 'a line was not recorded', withoutRecords(sound, isFrame('counters', 0))],
  [heardIsKept, 'the last line was not recorded', withoutRecords(sound, isFrame('done', 1))],
  [keptIsFound, 'a record is not found', withRun(sound, { records: sound.appended.slice(0, -1) })],
  [
    keptIsFound,
    'another record is found',
    withRun(sound, { records: [...sound.appended.slice(1), ...sound.appended.slice(0, 1)] }),
  ],
  [keptIsFound, 'reading is refused', { ...sound, found: { thrown: new KeystormError('It is damaged.') } }],
  [keptIsFound, 'reading fails', { ...sound, found: { thrown: new TypeError('x is undefined') } }],
  [cutIsPrefix, 'what was synced is lost', { ...cut, left: cut.left && { ...cut.left, synced: cut.appended.length } }],
  [
    cutIsPrefix,
    'a window was not synced',
    { ...cut, left: cut.left && { ...cut.left, appended: cut.appended.length, synced: 0 } },
  ],
  [cutIsPrefix, 'a part passes for the whole', { ...cut, left: cut.left && { ...cut.left, found: sound.found } }],
  [bootsAreClosed, 'a boot has no end', withoutRecords(sound, ({ kind, boot }) => kind === 'boot-end' && boot === 0)],
  [bootsAreClosed, 'a failed boot has no failure', withoutRecords(panicked, ({ kind }) => kind === 'failure')],
  [bootsAreClosed, 'boots are mixed', { ...sound, appended: [...sound.appended].reverse() }],
  [statusIsTrue, 'lost frames read as complete', withRun(lossy, { status: 'complete', problems: [] })],
  [statusIsTrue, 'an aborted run reads as incomplete', withRun(interrupted, { status: 'incomplete' })],
  [statusIsTrue, 'a sound run reads as incomplete', withRun(sound, { status: 'incomplete', problems: ['?'] })],
  [statusIsTrue, 'incomplete without a reason', withRun(lossy, { problems: [] })],
  [
    failuresFit,
    'a panic is told as a hang',
    {
      ...panicked,
      appended: panicked.appended.map((record) =>
        record.kind === 'failure' ? { ...record, failureKind: 'hang' } : record,
      ),
    },
  ],
  [failuresFit, 'a panic is not told', withoutRecords(panicked, ({ kind }) => kind === 'failure')],
  [
    failuresFit,
    'a sound boot is told to have failed',
    { ...sound, appended: [...sound.appended, ...panicked.appended.filter(({ kind }) => kind === 'failure')] },
  ],
  [nothingHeldFromNothing, 'a window is missing', withoutRecords(sound, isFrame('window', 1))],
  [nothingHeldFromNothing, 'the counters are missing', withoutRecords(sound, isFrame('counters', 0))],
  [nothingHeldFromNothing, 'the reports of a check are missing', withoutRecords(sound, isFrame('check', 0))],
  [nothingHeldFromNothing, 'frames were lost', { ...lossy, found: sound.found }],
  [
    nothingFailsFromCrashes,
    'a crash is a violation',
    withFound(panicked, ({ verdicts }) => ({ verdicts: verdicts.map((each) => ({ ...each, verdict: 'fail' })) })),
  ],
  [
    wrongAnswersAreSeen,
    'a wrong answer is not seen',
    withFound(wrong, ({ verdicts }) => ({ verdicts: verdicts.map((each) => ({ ...each, property: 'held' })) })),
  ],
  [soundIsPass, 'a sound run does not pass', withFound(sound, () => ({ overall: 'unknown', exitCode: 4 }))],
  [soundIsPass, 'an incomplete run passes', withFound(lossy, () => ({ overall: 'pass' }))],
  [soundIsPass, 'a panic with exit code 0', withFound(panicked, () => ({ exitCode: 0 }))],
  [
    figuresAreWhole,
    'a figure without value or reason',
    withFound(sound, ({ metrics }) => ({
      metrics: metrics?.map((metric) => ({
        ...metric,
        samples: metric.samples.map(({ reason: _, ...sample }) => ({ ...sample, value: null })),
      })),
    })),
  ],
  [
    figuresAreWhole,
    'a boot gives a figure twice',
    withFound(sound, ({ metrics }) => ({
      metrics: metrics?.map((metric) => ({ ...metric, samples: [...metric.samples, ...metric.samples] })),
    })),
  ],
  [takenUpIsWhole, 'it is not whole then', withResumed(() => lossy.found)],
  [takenUpIsWhole, 'it cannot be read then', withResumed(() => ({ thrown: new KeystormError('It is damaged.') }))],
  [takenUpIsWhole, 'a boot has no end', withResumed((found) => withoutEnds(found))],
  [
    takenUpIsWhole,
    'it cannot be taken up',
    { ...cut, resumed: cut.resumed && { ...cut.resumed, taken: { ...cut.resumed.taken, end: { how: 'never' } } } },
  ],
  [
    nothingMeasuredFromNothing,
    'a figure of windows that were not heard',
    withoutRecords(withoutRecords(sound, isFrame('window', 0)), isFrame('meter', 0)),
  ],
];

for (const [invariant, what, outcome] of cases) {
  test(`${invariant.name}: not if ${what}`, () => {
    assert.ok(invariant.complaints(outcome).length > 0);
  });
}

test('none is without a case in which it fires', () => {
  assert.equal(new Set(cases.map(([invariant]) => invariant)), new Set(invariants));
});

test.run();
