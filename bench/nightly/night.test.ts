// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { HistoryBody } from '../../results/history.ts';
import { readHistory } from '../../results/history-reader.ts';
import { appendToHistory, historyToAddTo } from '../../results/history-writer.ts';
import type { OpenAlert } from '../../results/nightly-state.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { defaultRulesBy } from '../commands/comparison-options.ts';
import { compare } from '../compare/compare.ts';
import { compareEnds } from '../compare/ends.ts';
import { runsAsSides, type Side } from '../compare/side.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import type { RunBody } from '../trend/run-record.ts';
import { trendOf } from '../trend/trend.ts';
import { openAfter, tell } from './alerts.ts';
import { looksOf } from './looks.ts';
import { exitCodeOf, heldAgainst, type Kept, nightOf, nightSentence } from './night.ts';
import { nightlyAlpha, nightlyTrend } from './rules.ts';

const test = suite('what a night comes to', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const nightlyRules = defaultRulesBy('wall', nightlyAlpha);
const { run: base } = (await testRun()).judged;
const runWith = async (script: string, plan = {}) => (await testRun({ script, plan })).judged.run;

/** A history in which the only metric takes a tenth longer from night 40 on, and as long as before from night `back` on. */
function historyOf(nights: number, back: number, reset = false, last: readonly (number | null)[] = []): string {
  const random = randomOf(3);
  const dir = testFolder();
  const values = Array.from({ length: nights }, (_, night) => {
    const noise = 1 + (random.unit() - 0.5) / 100;
    return 200_000 * noise * (night >= 40 && night < back ? 1.1 : 1);
  });
  const bodies: HistoryBody[] = values.map((value, night) => ({
    kind: 'run',
    runId: `night-${night}`,
    createdAt: new Date(Date.UTC(2026, 0, 1 + night)).toISOString(),
    tool: { version: '1', commit: null, dirty: false },
    subject: { kernel: '6.1' },
    conditions: {},
    points: [{ series: 0, plan: '0123456789ab', values: [value] }],
  }));
  const dimensions = { scenario: 'latency', mechanism: 'keyagent-fd' };
  // Nights of something else.
  const without = last.map((value, night): HistoryBody => {
    const own = value === null ? { series: 0, values: [null] } : { series: 1, values: [value] };
    const createdAt = new Date(Date.UTC(2026, 6, 1 + night)).toISOString();
    return {
      ...(bodies[0] as RunBody),
      runId: `other-${night}`,
      createdAt,
      points: [{ plan: '0123456789ab', ...own }],
    };
  });
  const other: HistoryBody = { kind: 'series', series: 1, name: 'upcall.throughput', unit: '1/s', dimensions };
  const series: HistoryBody = { kind: 'series', series: 0, name: 'upcall.latency.p50', unit: 'ns', dimensions };
  const resets: HistoryBody[] = reset ? [{ kind: 'reset', note: 'on purpose', where: {} }] : [];
  appendToHistory(historyToAddTo(dir), [series, other, ...bodies, ...without, ...resets], new Date());
  return dir;
}

const empty = trendOf(historyToAddTo(testFolder()), nightlyTrend);

interface Told {
  readonly base?: StoredRun;
  readonly other?: StoredRun;
  readonly trend?: typeof empty;
  readonly before?: readonly OpenAlert[];
  readonly baseline?: string;
  readonly kept?: Kept;
}

function night({
  base: baseRun = base,
  other = base,
  trend = empty,
  before = [],
  baseline = 'kernel=6.1,module=v1',
  kept = { added: true },
}: Told) {
  const held = heldAgainst({ ...baseRun, dir: 'base' }, { ...other, dir: 'new' }, nightlyRules);
  return nightOf({ held, baseline, subject: 'kernel=6.1', trend, kept, torn: null, before });
}

test('every metric, expectation and way to fail has an id of its own, and the same one every night', async () => {
  const plan = { scenarios: ['latency', 'agent-kill'], mechanisms: ['keyagent-fd', 'keyagent-signal'] };
  const run = await runWith('', plan);
  const held = heldAgainst({ ...run, dir: 'base' }, { ...run, dir: 'new' }, nightlyRules);
  const { verdicts } = held.sides.new;
  const looks = looksOf({ ...held, verdicts, trend: empty, kept: true, baseline: 'kernel=6.1' }, []);
  assert.ok(looks.length > 20);
  assert.is(new Set(looks.map(({ id }) => id)).size, looks.length);
  assert.equal(looksOf({ ...held, verdicts, trend: empty, kept: true, baseline: 'kernel=6.1' }, []), looks);
  const other = looksOf({ ...held, verdicts, trend: empty, kept: true, baseline: 'kernel=6.12' }, []);
  const kinds = (kind: string, of: typeof looks) => of.filter((each) => each.kind === kind).map(({ id }) => id);
  assert.equal(kinds('verdict', other), kinds('verdict', looks), 'what is expected does not depend on the baseline');
  assert.not.ok(kinds('metric', other).some((id) => kinds('metric', looks).includes(id)));
});

test('two guests of new that fail as none of the baseline does are an alert; where both fail guests broke', async () => {
  const panic = await runWith('panic@1.0 panic@2.0', { boots: 3 });
  const base = (await testRun({ plan: { boots: 3 } })).judged.run;
  const worse = night({ base, other: panic });
  assert.equal([worse.overall, exitCodeOf(worse, false)], ['regressed', 1]);
  assert.equal(
    worse.told.raised.map(({ kind, what }) => [kind, what]),
    [['guest', '2 boots with guest-panic, which base has not']],
  );
  const held = heldAgainst({ ...panic, dir: 'base' }, { ...panic, dir: 'new' }, nightlyRules);
  const before = openAfter(worse.told);
  const parts = { held, subject: 'kernel=6.1', trend: empty, kept: { added: true }, torn: null, before } as const;
  const both = nightOf({ ...parts, baseline: 'kernel=6.1,module=v1' });
  assert.equal([both.told.open.length, both.told.open[0]?.found], [1, false], 'nothing says that it is over');
  assert.is(exitCodeOf(both, true), 3);
  assert.equal(night({ base, other: base, before }).told.resolved.length, 1);
  const fresh = nightOf({ ...parts, baseline: 'kernel=6.1,module=v1', before: [] });
  assert.equal([fresh.overall, exitCodeOf(fresh, false)], ['broken', 3]);
});

/** What a night says of guests of which so many ended so, the others as they should. */
function guestsOf(
  of: Readonly<Record<'base' | 'new', Readonly<Record<string, number>>>>,
  before: readonly OpenAlert[] = [],
) {
  const held = heldAgainst({ ...base, dir: 'base' }, { ...base, dir: 'new' }, nightlyRules);
  if (held.comparison === null) throw new Error(held.refusal ?? '');
  const boots = (ends: Readonly<Record<string, number>>) => {
    const failed = Object.entries(ends).flatMap(([reason, n]) => Array(n).fill({ finished: false, reason }));
    return [...failed, ...Array(12 - failed.length).fill({ finished: true, reason: 'done' })];
  };
  const ends = compareEnds(boots(of.base), boots(of.new));
  const comparison = { ...held.comparison, behaviour: { ...held.comparison.behaviour, ends } };
  const parts = { comparison, verdicts: [], trend: empty, kept: true, baseline: 'b' };
  const looks = looksOf(parts, before).filter(({ kind }) => kind === 'guest');
  return { looks, told: tell(before, looks, new Date(0).toISOString()) };
}

test('one guest that fails is told and no alert, unless guests were seen to fail so', async () => {
  const run = await runWith('panic@1.0');
  const one = night({ other: run });
  assert.equal([one.overall, exitCodeOf(one, false), one.told.raised], ['broken', 3, []]);
  assert.match(nightSentence(one), /1 boot with guest-panic, which base has not/);
  const single = { base: {}, new: { 'guest-panic': 1 } };
  assert.equal(guestsOf(single).told.raised, []);
  const before = openAfter(guestsOf({ base: {}, new: { 'guest-panic': 2 } }).told);
  assert.equal(
    guestsOf(single, before).told.open.map(({ found }) => found),
    [true],
  );
});

test('alerts of guests are over when every boot of new came to its end, and not before', () => {
  const panics = openAfter(guestsOf({ base: {}, new: { 'guest-panic': 3 } }).told);
  assert.is(panics.length, 1);
  const often = openAfter(guestsOf({ base: { hang: 1 }, new: { hang: 10 } }).told);
  assert.match(often[0]?.what ?? '', /^guests fail more often \(10 of 12 boots, 1 of 12\)$/);
  for (const [before, ends] of [
    [panics, { base: {}, new: { 'harness-fault': 11 } }],
    [panics, { base: { 'guest-panic': 1 }, new: { 'guest-panic': 1 } }],
    [often, { base: { hang: 1 }, new: { hang: 5 } }],
    [often, { base: {}, new: { 'channel-silent': 1 } }],
  ] as const) {
    const { told } = guestsOf(ends, before);
    assert.equal([told.resolved, told.open.map(({ found }) => found)], [[], [false]], JSON.stringify(ends));
  }
  const over = [panics, often].map((before) => guestsOf({ base: { hang: 3 }, new: {} }, before).told.resolved[0]?.now);
  assert.equal(over, ['guests: no guest-panic, 12 of 12 boots done', 'guests fail no more, 12 of 12 boots done']);
});

test('an expectation that the baseline meets not either is none the less not met, and told as that', async () => {
  const wrong = await runWith('wrong-answers@0.0 wrong-answers@0.1');
  const now = night({ other: wrong });
  assert.equal([now.overall, exitCodeOf(now, false)], ['regressed', 1]);
  const held = heldAgainst({ ...wrong, dir: 'base' }, { ...wrong, dir: 'new' }, nightlyRules);
  const both = nightOf({
    held,
    baseline: 'a',
    subject: 'b',
    trend: empty,
    kept: { added: true },
    torn: null,
    before: [],
  });
  assert.equal([both.overall, exitCodeOf(both, false)], ['not-met', 1]);
  assert.match(nightSentence(both), /^1 alert raised\. First: right-answerer of latency × keyagent-fd: violated/);
});

test('a change that the trend finds is an alert as long as it is open there; one that is over or reset is resolved', () => {
  const found = night({ trend: trendOf(readHistory(historyOf(50, 99)), nightlyTrend) });
  assert.equal([found.overall, found.told.raised.length, exitCodeOf(found, false)], ['regressed', 1, 1]);
  assert.match(
    found.told.raised[0]?.what ?? '',
    /^upcall\.latency\.p50 of latency × keyagent-fd 1\.\d+× since 2026-02-10$/,
  );
  const before = openAfter(found.told);
  const later = night({ before, trend: trendOf(readHistory(historyOf(53, 99)), nightlyTrend) });
  assert.equal([later.told.raised.length, later.told.open.length], [0, 1]);
  assert.match(nightSentence(later), /^1 still open since 1970-01-01\. First: upcall/);
  for (const dir of [historyOf(75, 55), historyOf(53, 99, true)]) {
    const over = night({ before, trend: trendOf(readHistory(dir), nightlyTrend) });
    assert.equal([over.told.raised.length, over.told.open.length, over.told.resolved.length], [0, 0, 1]);
    assert.match(over.told.resolved[0]?.now ?? '', /and has changed again or was reset$/);
  }
});

test('a metric that was found worse and that neither side has tonight is still open, and in doubt', () => {
  const sides = runsAsSides({ ...base, dir: 'base' }, { ...base, dir: 'new' });
  const spoilt = (side: Side, how: (value: number) => number | null): Side => ({
    ...side,
    metrics: side.metrics.map((metric) => ({
      ...metric,
      samples: metric.samples.map((sample) => {
        if (metric.name !== 'upcall.latency.p50' || sample.value === null) return sample;
        const value = how(sample.value);
        return value === null ? { ...sample, value, reason: 'too-few-samples' } : { ...sample, value };
      }),
    })),
  });
  const nightWith = (before: readonly OpenAlert[], baseline: Side, other: Side) => {
    const both = { ...sides, base: baseline, new: other };
    const held = { sides: both, comparison: compare(both, nightlyRules, false), refusal: null };
    return nightOf({ held, baseline: 'a', subject: 'b', trend: empty, kept: { added: true }, torn: null, before });
  };
  const few = (side: Side) => spoilt(side, () => null);
  const [look] = looksOf(
    { ...nightWith([], sides.base, sides.new), verdicts: [], trend: empty, kept: true, baseline: 'a' },
    [],
  ).filter(({ what }) => what.startsWith('upcall.latency.p50'));
  const at = new Date(0).toISOString();
  const before: OpenAlert[] = [{ id: look?.id ?? '', kind: 'metric', what: 'slower', raised: at, seen: at }];
  const tonight = nightWith(before, few(sides.base), few(sides.new));
  assert.equal([tonight.told.open.length, tonight.told.resolved.length], [1, 0]);
  assert.ok(tonight.unsure.includes('1 metric with an open alert had no figure tonight'), tonight.unsure.join());
  assert.is(exitCodeOf(tonight, true), 4);
  const fresh = nightWith([], few(sides.base), few(sides.new));
  assert.not.ok(
    fresh.unsure.some((each) => each.includes('open alert')),
    'nobody asks for what never was there',
  );
});

test('a change that the trend found is not found again by a night that did not measure it, lacks its figure, or was not kept', () => {
  const before = openAfter(night({ trend: trendOf(readHistory(historyOf(50, 99)), nightlyTrend) }).told);
  assert.equal(
    before.map(({ kind }) => kind),
    ['trend'],
  );
  const trendWith = (...last: (number | null)[]) => trendOf(readHistory(historyOf(50, 99, false, last)), nightlyTrend);
  const leftOut = night({ before, trend: trendWith(...Array(30).fill(5_000)) });
  assert.equal([leftOut.told.open, leftOut.told.resolved.map(({ now }) => now)], [[], [null]]);
  assert.is.not(leftOut.overall, 'regressed');
  const lacking = night({ before, trend: trendWith(null) });
  assert.equal([lacking.told.resolved, lacking.told.open.map(({ found }) => found)], [[], [false]]);
  const kept = { added: false, why: 'It is incomplete.' } as const;
  const lost = night({ before, trend: trendWith(), kept });
  assert.equal([lost.told.resolved, lost.told.open.map(({ found }) => found)], [[], [false]]);
  assert.equal(
    night({ before, trend: trendWith() }).told.open.map(({ found }) => found),
    [true],
  );
});

test('where only what is new counts, the first line says why the code is 4 or 3', async () => {
  const wrong = await runWith('wrong-answers@0.0 wrong-answers@0.1');
  const before = openAfter(night({ base: wrong, other: wrong }).told);
  const unsure = night({ base: wrong, other: wrong, before, kept: { added: false, why: 'It is incomplete.' } });
  assert.equal([unsure.overall, exitCodeOf(unsure, true)], ['not-met', 4]);
  assert.match(
    nightSentence(unsure),
    /^1 still open since .* Also: .*the night is not in the history \(It is incomplete\)\.$/,
  );
});

test('an alert against another baseline is over when that is not asked any more; a night that is not kept is in doubt', () => {
  const at = new Date(0).toISOString();
  const before: OpenAlert[] = [{ id: '0123456789ab', kind: 'metric', what: 'slower', raised: at, seen: at }];
  assert.equal(night({ before }).told.resolved, [{ ...before[0], now: null }]);
  const same = night({ baseline: 'kernel=6.1' });
  assert.match(same.notes[0] ?? '', /^FAKE: /);
  assert.match(same.notes[1] ?? '', /^Baseline and new are the same guest, kernel=6\.1/);
  const held = heldAgainst({ ...base, dir: 'base' }, { ...base, dir: 'new' }, nightlyRules);
  const kept = { added: false, why: 'It is incomplete.' } as const;
  const lost = nightOf({ held, baseline: 'a', subject: 'b', trend: empty, kept, torn: null, before: [] });
  assert.ok(lost.unsure.includes('the night is not in the history (It is incomplete)'));
  assert.is(exitCodeOf(lost, false), 4);
});

test.run();
